// The editor's questions to the server, and what its answers mean. After editor-told.js.
"use strict";

(() => {
  const desk = window.wuxiaoDesk;
  if (!desk) return;
  const form = document.getElementById("f");

  const cookie = (name) => (document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]*)`)) || [])[1] || "";
  const token = () => cookie("csrftoken") || form.elements.csrfmiddlewaretoken.value;
  const openedBy = form.elements.opened_by.value;
  const headers = () => ({
    "X-CSRFToken": token(), "X-Opened-By": openedBy, "HX-Request": "true", Accept: "application/json",
  });

  /** JSON of any status; throws {kind: off|login|again|gone, text} for what is not an answer of the desk. */
  async function ask(url, body) {
    const stop = new AbortController();
    const clock = setTimeout(() => stop.abort(), 20000);
    try {
      const response = await fetch(url, { method: "POST", body, headers: headers(), signal: stop.signal });
      return await understood(response.status, response.headers.get("Content-Type"), () => response.text());
    } catch (error) {
      throw error.kind ? error : { kind: "off", text: "离线，内容保留在本页" };
    } finally {
      clearTimeout(clock);
    }
  }

  async function understood(status, type, text) {
    if ((type || "").includes("json")) {
      const answer = JSON.parse(await text());
      if ((status === 403 || status === 409) && answer.message && !answer.theirs) {
        throw { kind: "gone", text: answer.message };
      }
      return answer;
    }
    if (status === 401) throw { kind: "login", text: await text() };
    if (status === 403) throw { kind: "login", text: "登录状态已变化，请重新登录，已填写的内容仍在。" };
    if (status === 404) throw { kind: "gone", text: "这项成果已不在您的列表中，不能再保存；文字都还在本页，请先复制留存。" };
    if (status < 400) throw { kind: "login", text: "请重新登录以确认身份，已填写的内容仍在。" };
    throw { kind: "again", text: "服务器暂时没有保存成功，正在重试" };
  }

  Object.assign(desk, { ask, understood, headers, token });
})();
