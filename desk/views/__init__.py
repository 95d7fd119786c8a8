"""The pages that gather several floors."""
