// The editor's attachments: several at once, by drag and drop, with progress, again after a fault.
// After editor.js. Every file is told apart: one that is refused holds up neither the others nor the form.
"use strict";

(() => {
  const desk = window.wuxiaoDesk;
  const block = document.querySelector("[data-files]");
  if (!desk) return;
  let uploads = 0;
  desk.uploads = () => uploads;
  desk.uploaded = async () => {};
  desk.unsentFiles = () => 0;
  if (!block) return;

  const MEGABYTE = 1048576;
  const kind = document.getElementById("id_attachment_kind");
  const input = document.getElementById("files");
  const drop = block.querySelector("[data-drop]");
  const list = block.querySelector("[data-list]");
  const uploading = block.querySelector("[data-uploading]");
  const stopped = []; // files whose upload the session's end stopped; they go on after the sign-in
  let waiting = [];
  // Files that she chose and that are not with the server: no 材料类型 yet, or the upload failed and she has seen no more.
  desk.unsentFiles = () => waiting.length + uploading.querySelectorAll(".is-bad").length;
  let line = Promise.resolve();

  // --- one file on its way ---------------------------------------------------------------------------------------

  function button(icon, label, act) {
    const made = document.createElement("button");
    made.className = "wx-iconbtn";
    made.type = "button";
    made.setAttribute("aria-label", label);
    made.innerHTML = `<i class="bi bi-${icon}" aria-hidden="true"></i>`;
    made.addEventListener("click", act);
    return made;
  }

  function row(name) {
    const item = document.createElement("li");
    item.innerHTML = '<span class="wx-thumb"><i class="bi bi-upload" aria-hidden="true"></i></span>'
      + '<div><b></b><span></span><progress max="100" value="0" hidden></progress></div><span class="wx-filetools"></span>';
    item.querySelector("b").textContent = name;
    const said = item.querySelector("div > span");
    const bar = item.querySelector("progress");
    const tools = item.querySelector(".wx-filetools");
    bar.setAttribute("aria-label", `${name} 上传进度`);
    uploading.append(item);
    return {
      say(text, percent) {
        item.className = "";
        said.textContent = text;
        bar.hidden = percent === undefined;
        if (percent !== undefined) bar.value = percent;
        tools.replaceChildren();
      },
      bad(text, again) {
        item.className = "is-bad";
        said.textContent = text;
        bar.hidden = true;
        tools.replaceChildren();
        if (again) tools.append(button("arrow-clockwise", `重新上传 ${name}`, again));
        tools.append(button("x-lg", `不再显示 ${name}`, () => item.remove()));
      },
      hold(text, drop) {
        said.textContent = text;
        tools.replaceChildren(button("x-lg", `移除 ${name}`, drop));
      },
      off: () => item.remove(),
    };
  }

  /** Refused before a byte is sent, in the words that the server would use. */
  function unfit(file) {
    const most = Number(block.dataset.max);
    const size = file.size > 1024 * MEGABYTE ? `${(file.size / 1024 / MEGABYTE).toFixed(1)} GB` : `${(file.size / MEGABYTE).toFixed(1)} MB`;
    if (file.size > most * MEGABYTE) return `${size}，超过每个 ${most} MB 的上限。请压缩或拆成两份再传，其他文件不受影响。`;
    if (!file.size) return "文件是空的，请重新选择。";
    return "";
  }

  /** Kept until its 材料类型 is chosen; until then it may be taken away again. */
  function wait(file) {
    const one = { file, shown: row(file.name) };
    one.shown.hold("还没有上传，等待选择材料类型", () => {
      waiting = waiting.filter((other) => other !== one);
      one.shown.off();
      askKind();
      kind.focus();
    });
    waiting.push(one);
  }

  function askKind() {
    const text = waiting.length ? `请先选择材料类型，选好后 ${waiting.length} 个文件自动上传。` : "";
    desk.fault(kind.closest(".wx-field"), kind, text);
  }

  function take(files) {
    for (const file of files) wait(file);
    if (!waiting.length) return;
    if (!kind.value) {
      askKind();
      kind.focus();
      return;
    }
    desk.fault(kind.closest(".wx-field"), kind, "");
    const chosen = kind.value;
    for (const { file, shown } of waiting.splice(0)) {
      const wrong = unfit(file);
      if (wrong) shown.bad(wrong);
      else enqueue(file, chosen, shown);
    }
    kind.value = "";
  }

  function enqueue(file, chosen, shown) {
    carry(block.dataset.url, { attachment_kind: chosen, files: file }, {
      told: shown.say,
      done: (answer, again) => finished(answer, shown, again),
      wrong: shown.bad,
    });
  }

  function finished(answer, shown, again) {
    const result = (answer.results || [])[0];
    if (!result || !result.ok) shown.bad(result ? result.sentence : answer.message, result ? undefined : again);
    else shown.off();
    drawn(answer);
  }

  // --- any file on its way: attachments, the photo, the scan -----------------------------------------------------

  /**
   * Sends one file after the others, beside the saving of the fields. `told(text, percent)` says how far it is,
   * `done(answer, again)` takes the answer, `wrong(text, again)` tells a fault; `again` sends the same file once more
   * with its first ticket; `parts` may be a function that is asked when it goes out. After a sign-in what the session's
   * end stopped goes on by itself.
   */
  function carry(url, parts, { told, done, wrong }) {
    let ticket = "";
    function go() {
      told("等待上传");
      uploads += 1;
      const begun = ticket || begin();
      const send = async () => {
        ticket = await begun;
        const now = typeof parts === "function" ? parts() : parts;
        return sent(url, { ...now, ticket }, told);
      };
      const fault = (error) => {
        wrong(`没有上传成功：${error.text}。`, go);
        if (error.kind !== "login") return;
        stopped.push(go);
        if (window.wuxiaoSignIn) window.wuxiaoSignIn.ask(error.text);
      };
      line = line.then(send).then((answer) => done(answer, go), fault).finally(() => { uploads -= 1; });
    }
    go();
  }

  /** The server's own note of when this upload began: with it the upload may finish shortly after the closing. */
  async function begin() {
    try {
      return (await desk.ask(block.dataset.begin, new URLSearchParams())).ticket || "";
    } catch {
      return "";
    }
  }

  function sent(url, parts, told) {
    return new Promise((done, fail) => {
      const body = new FormData();
      for (const [name, part] of Object.entries(parts)) body.append(name, part);
      const request = new XMLHttpRequest();
      request.open("POST", url);
      for (const [name, text] of Object.entries(desk.headers())) request.setRequestHeader(name, text);
      request.upload.addEventListener("progress", (event) => {
        const part = (bytes) => (bytes / MEGABYTE).toFixed(1);
        told(`正在上传 ${part(event.loaded)} / ${part(event.total)} MB`, (event.loaded / event.total) * 100);
      });
      request.addEventListener("loadend", () => {
        if (!request.status) {
          fail({ kind: "off", text: "网络中断，恢复后请按“重新上传”" });
          return;
        }
        const type = request.getResponseHeader("Content-Type");
        desk.understood(request.status, type, async () => request.responseText).then(done, fail);
      });
      request.send(body);
    });
  }

  /** One file at a place of its own, such as the photo: how far it is and what went wrong are told in `said`. */
  function single(said, what, url, parts, took) {
    const refused = (text) => {
      said.textContent = text;
      desk.tell("bad", `${what}没有上传成功`);
    };
    carry(url, parts, {
      told: (text) => {
        said.textContent = "";
        desk.tell("busy", `${what}${text}`);
      },
      done: (answer) => {
        if (answer.theirs) took(answer);
        if (answer.message) return refused([answer.message, ...(answer.theirs || [])].join(""));
        took(answer);
        return desk.settle();
      },
      wrong: (text, again) => {
        refused(`${what}${text}`);
        const press = document.createElement("button");
        press.type = "button";
        press.className = "btn btn-sm btn-secondary";
        press.textContent = `重新上传${what}`;
        press.addEventListener("click", again);
        said.append(press);
      },
    });
  }

  function drawn(answer) {
    if (answer.files === undefined) return;
    list.innerHTML = answer.files;
    list.dispatchEvent(new CustomEvent("drawn"));
    proofs();
    desk.stand(answer);
    desk.settle();
  }

  /** The awards choose their proof among what is there now. */
  function proofs() {
    const rows = [...list.querySelectorAll("[data-attachment]")].filter((one) => one.dataset.kind !== "photo");
    const pattern = document.querySelector("#commendations template");
    const selects = [...document.querySelectorAll("[name=commend_proof]")];
    if (pattern) selects.push(...pattern.content.querySelectorAll("[name=commend_proof]"));
    for (const select of selects) {
      const chosen = select.value;
      const options = rows.map((one) => new Option(one.dataset.name, one.dataset.attachment));
      select.replaceChildren(new Option("请选择", ""), ...options);
      select.value = rows.some((one) => one.dataset.attachment === chosen) ? chosen : "";
    }
  }

  // --- the page --------------------------------------------------------------------------------------------------

  function remove(pressed) {
    if (!window.confirm(`${pressed.getAttribute("aria-label")}？移除后需要重新上传。`)) return;
    desk.queue(async () => {
      try {
        drawn(await desk.ask(pressed.dataset.remove, new URLSearchParams()));
      } catch (error) {
        desk.failed(error);
      }
    });
  }

  list.addEventListener("click", (event) => {
    const gone = event.target.closest("[data-remove]");
    if (!gone) return;
    event.preventDefault();
    remove(gone);
  });
  kind.addEventListener("change", () => take([]));
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    take(files);
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      if (list.querySelector(".is-dragged")) return;
      event.preventDefault();
      drop.classList.toggle("is-over", name === "dragover");
      if (name === "drop") take([...event.dataTransfer.files]);
    });
  }
  desk.single = single;
  desk.uploaded = async () => { while (uploads) await line; };
  desk.resume = () => { for (const again of stopped.splice(0)) again(); };
  desk.drawn = drawn;
})();
