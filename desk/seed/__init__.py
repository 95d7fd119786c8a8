"""A working agency of any size, for measuring: years of clients, jobs, signatures, meetings and money in five languages.

It is written in bulk, not by the actions people use: those would need a night for what this needs a minute for, and a page can't
tell the difference. What makes rows right is shared with them: states and transitions, the chain of evidence, link tokens,
totals and tax, the chase plan, report slots, what stands on a frozen paper. Only embedded mode loads it (desk/demo/ground.py).
"""
