// The sign page: tells the server once that a person is here, and lets them draw. Everything else works without this file.

const form = document.getElementById("sign");

// "Seen" is the first pointer, key or scroll: programs that only fetch the page make none of these.
if (form?.dataset.seen) {
  const signs = ["pointerdown", "keydown", "scroll"];
  const tell = () => {
    for (const sign of signs) window.removeEventListener(sign, tell);
    fetch(form.dataset.seen, {
      method: "POST",
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      credentials: "same-origin",
      keepalive: true,
    }).catch(() => {});
  };
  for (const sign of signs) window.addEventListener(sign, tell, { passive: true });
}

const pad = document.getElementById("pad");
if (form && pad) drawing(form, pad);

function drawing(form, pad) {
  // The choice "Draw it" is there only where it works.
  for (const part of form.querySelectorAll("label[data-needs-script]")) part.hidden = false;

  // Strokes are kept in units of the pad's width, so that turning the phone redraws them.
  const strokes = [];
  const ink = pad.getContext("2d");
  let stroke = null;

  const redraw = () => {
    const { width, height } = pad.getBoundingClientRect();
    if (!width) return;
    const scale = window.devicePixelRatio || 1;
    pad.width = Math.round(width * scale);
    pad.height = Math.round(height * scale);
    ink.scale(scale, scale);
    ink.lineWidth = 2.4;
    ink.lineCap = ink.lineJoin = "round";
    ink.strokeStyle = ink.fillStyle = "#16233f";
    for (const points of strokes) trace(points, width);
  };

  const trace = (points, width) => {
    ink.beginPath();
    if (points.length === 1) {
      ink.arc(points[0].x * width, points[0].y * width, 1.6, 0, 2 * Math.PI);
      ink.fill();
      return;
    }
    points.forEach((point, place) => ink[place ? "lineTo" : "moveTo"](point.x * width, point.y * width));
    ink.stroke();
  };

  const at = (event) => {
    const box = pad.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.width };
  };

  pad.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    stroke = [at(event)];
    strokes.push(stroke);
    redraw();
  });
  pad.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    stroke.push(at(event));
    redraw();
  });
  for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, () => (stroke = null));

  form.querySelector("[data-clear]")?.addEventListener("click", () => {
    strokes.length = 0;
    form.elements.picture.value = "";
    redraw();
  });

  form.addEventListener("submit", () => {
    if (form.elements.signature.value === "drawn") {
      if (strokes.length) form.elements.picture.value = pad.toDataURL("image/png");
    } else if (form.elements.signature.value === "typed") {
      form.elements.picture.value = "";
    }
  });

  new ResizeObserver(redraw).observe(pad);
}
