// The session ended while she was writing: sign in again in place. `wuxiaoSignIn.ask(why)` opens the dialog once and
// calls everybody who listens to `signed-in-again` when the same person is in again.
"use strict";

(() => {
  const dialog = document.getElementById("sign-in-again");
  if (!dialog || !dialog.showModal) return;
  const form = dialog.querySelector("form");
  const said = dialog.querySelector("#again-said");
  const password = form.elements.password;
  let later = 0; // not before this instant does the dialog open by itself again

  const cookie = (name) => (document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]*)`)) || [])[1] || "";

  function ask(why) {
    if (dialog.open || Date.now() < later) return;
    dialog.querySelector("[data-why]").textContent = why;
    said.textContent = "";
    password.value = "";
    dialog.showModal();
    password.focus();
  }

  async function sent() {
    const token = cookie("csrftoken") || document.querySelector("input[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams([
      ["username", form.elements.username.value],
      ["password", password.value],
      ["opened_by", dialog.dataset.openedBy],
    ]);
    const headers = { "X-CSRFToken": token, "HX-Request": "true", Accept: "application/json" };
    const response = await fetch(dialog.dataset.url, { method: "POST", body, headers });
    if (!(response.headers.get("Content-Type") || "").includes("json")) {
      return { message: response.status === 429 || response.status === 403
        ? "连续输错，账号已暂时锁定，请稍后再试；本页请不要关闭，内容都在。"
        : "服务器暂时没有回应，请再试一次。" };
    }
    return response.json();
  }

  async function submit(event) {
    event.preventDefault();
    said.textContent = "";
    let answer;
    try {
      answer = await sent();
    } catch {
      answer = { message: "网络没有连通，请检查后再试；内容都在本页。" };
    }
    if (!answer.token) {
      said.textContent = answer.message;
      password.select();
      return;
    }
    for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = answer.token;
    password.value = "";
    dialog.close();
    document.dispatchEvent(new CustomEvent("signed-in-again"));
  }

  form.addEventListener("submit", submit);
  dialog.querySelector("[data-later]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => { later = Date.now() + 60000; });
  document.addEventListener("signed-in-again", () => { later = 0; });
  // A piece that htmx asked for says so by its status; it is asked for again afterwards.
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status !== 401) return;
    ask(event.detail.xhr.responseText);
    document.addEventListener("signed-in-again", () => window.htmx.trigger(document.body, "desk-saved"), { once: true });
  });
  window.wuxiaoSignIn = { ask, openNow: (why) => { later = 0; ask(why); } };
})();
