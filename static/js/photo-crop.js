// The leader's photo is cut to 35×49 mm in the page: moved by finger, mouse or arrow keys, enlarged by slider or wheel.
// `wuxiaoCrop(file)` resolves with a JPEG to upload, or null when she gave up. Without it the server cuts by itself.
"use strict";

(() => {
  const dialog = document.getElementById("crop");
  if (!dialog || !dialog.showModal || !HTMLCanvasElement.prototype.toBlob) return;
  const canvas = dialog.querySelector("canvas");
  const zoom = dialog.querySelector("input[type=range]");
  const said = dialog.querySelector("[data-said]");
  const use = dialog.querySelector("[data-use]");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const [WIDE, HIGH] = [827, 1157]; // 35×49 mm at 600 dpi
  const [LEAST_WIDE, LEAST_HIGH] = [413, 579]; // the same at 300 dpi: less prints blurred
  const STEP = 8; // pixels of the canvas that an arrow key moves
  let picture = null; // upright source: {source, width, height}
  let x = 0; // middle of the cut, in the source's pixels
  let y = 0;
  let settle = () => {};
  const fingers = new Map();
  let spread = 0;

  const covering = () => Math.max(canvas.width / picture.width, canvas.height / picture.height);
  const scale = () => covering() * Number(zoom.value);
  const clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));

  function draw() {
    const s = scale();
    const [w, h] = [canvas.width / s, canvas.height / s];
    x = clamp(x, w / 2, picture.width - w / 2);
    y = clamp(y, h / 2, picture.height - h / 2);
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture.source, x - w / 2, y - h / 2, w, h, 0, 0, canvas.width, canvas.height);
    tell(w, h);
  }

  function tell(w, h) {
    const small = Math.round(w) < LEAST_WIDE || Math.round(h) < LEAST_HIGH;
    use.disabled = small;
    if (small) {
      said.className = "wx-err";
      said.textContent = Math.round(picture.width) < LEAST_WIDE || Math.round(picture.height) < LEAST_HIGH
        ? `相片只有 ${picture.width}×${picture.height} 像素，印不清楚；请换一张不小于 ${LEAST_WIDE}×${LEAST_HIGH} 像素的。`
        : "放得太大，印出来不清楚，请缩小一些。";
      return;
    }
    said.className = "form-text";
    said.textContent = onRed() ? "背景为红色，符合要求。" : "提示：背景看来不是红色，附件4 要求红底相片；仍可以使用。";
  }

  /** Most of the upper border is red. A hint and nothing more. */
  function onRed() {
    const edge = Math.round(canvas.width / 12);
    const high = Math.round(canvas.height * 0.6);
    const strips = [[0, 0, canvas.width, edge], [0, 0, edge, high], [canvas.width - edge, 0, edge, high]];
    let red = 0;
    let all = 0;
    for (const strip of strips) {
      const { data } = pen.getImageData(...strip);
      for (let at = 0; at < data.length; at += 16) {
        all += 1;
        if (data[at] > 120 && data[at] > 1.6 * data[at + 1] && data[at] > 1.6 * data[at + 2]) red += 1;
      }
    }
    return red > all * 0.6;
  }

  function move(dx, dy) {
    x -= dx / scale();
    y -= dy / scale();
    draw();
  }

  function resize(factor) {
    zoom.value = clamp(Number(zoom.value) * factor, Number(zoom.min), Number(zoom.max));
    draw();
  }

  function turn() {
    const made = document.createElement("canvas");
    [made.width, made.height] = [picture.height, picture.width];
    const turned = made.getContext("2d");
    turned.translate(made.width, 0);
    turned.rotate(Math.PI / 2);
    turned.drawImage(picture.source, 0, 0);
    start(made, made.width, made.height);
  }

  function start(source, width, height) {
    picture = { source, width, height };
    zoom.value = 1;
    [x, y] = [width / 2, height / 2 - height / 12];
    draw();
  }

  function cut() {
    const s = scale();
    const [w, h] = [canvas.width / s, canvas.height / s];
    const out = document.createElement("canvas");
    const keep = Math.min(1, w / WIDE);
    [out.width, out.height] = [Math.round(WIDE * keep), Math.round(HIGH * keep)];
    const fine = out.getContext("2d");
    fine.imageSmoothingQuality = "high";
    fine.fillStyle = "#fff";
    fine.fillRect(0, 0, out.width, out.height);
    fine.drawImage(picture.source, x - w / 2, y - h / 2, w, h, 0, 0, out.width, out.height);
    out.toBlob((blob) => done(blob && new File([blob], "相片.jpg", { type: "image/jpeg" })), "image/jpeg", 0.92);
  }

  function done(result) {
    const tell = settle;
    settle = () => {};
    if (dialog.open) dialog.close();
    picture = null;
    tell(result);
  }

  // --- hands --------------------------------------------------------------------------------------------------

  const ratio = () => canvas.width / canvas.getBoundingClientRect().width;
  const distance = () => {
    const [a, b] = [...fingers.values()];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (fingers.size === 2) spread = distance();
  });
  canvas.addEventListener("pointermove", (event) => {
    const was = fingers.get(event.pointerId);
    if (!was || !picture) return;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (fingers.size === 2) {
      const now = distance();
      resize(now / spread);
      spread = now;
    } else move((event.clientX - was.x) * ratio(), (event.clientY - was.y) * ratio());
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    resize(event.deltaY < 0 ? 1.06 : 1 / 1.06);
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const ways = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };
    const way = ways[event.key];
    if (way) move(...way);
    else if (event.key === "+" || event.key === "=") resize(1.06);
    else if (event.key === "-") resize(1 / 1.06);
    else return;
    event.preventDefault();
  });
  zoom.addEventListener("input", draw);
  use.addEventListener("click", cut);
  dialog.querySelector("[data-turn]").addEventListener("click", turn);
  dialog.querySelector("[data-cancel]").addEventListener("click", () => done(null));
  dialog.addEventListener("close", () => done(null));

  window.wuxiaoCrop = (file) => new Promise((resolve) => {
    const image = new Image();
    const address = URL.createObjectURL(file);
    const end = (result) => {
      URL.revokeObjectURL(address);
      resolve(result);
    };
    image.addEventListener("load", () => {
      settle = end;
      dialog.showModal();
      start(image, image.naturalWidth, image.naturalHeight);
      canvas.focus();
    });
    // What the browser cannot draw goes to the server, which says why.
    image.addEventListener("error", () => end(file));
    image.src = address;
  });
})();
