// What this device holds of an expert's sheets until the server has acknowledged it, and the sending of it.
// First of the sheet's files.
"use strict";

(() => {
  // What one person left on this device is never sent in another one's name.
  const owned = document.querySelector("[data-owner]");
  const PREFIX = `wuxiao-sheet:${owned ? owned.dataset.owner : ""}:`;

  const store = {
    read(url) {
      try {
        return JSON.parse(localStorage.getItem(PREFIX + url));
      } catch {
        return null;
      }
    },
    write(url, record) {
      try {
        localStorage.setItem(PREFIX + url, JSON.stringify(record));
        return true;
      } catch {
        return false; // private mode or full: saving to the server goes on
      }
    },
    drop(url) {
      try {
        localStorage.removeItem(PREFIX + url);
      } catch {
        // nothing was kept
      }
    },
    urls() {
      try {
        return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
      } catch {
        return [];
      }
    },
  };

  function token() {
    const cookie = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
    if (cookie) return cookie.slice("csrftoken=".length); // newer than the form's after signing in again
    const hidden = document.querySelector("input[name=csrfmiddlewaretoken]");
    return hidden ? hidden.value : "";
  }

  // kind: ok | stale | refused | signed_out | offline
  async function send(url, fields, revision) {
    const body = new URLSearchParams(fields);
    body.set("revision", revision);
    let answer;
    try {
      answer = await fetch(url, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": token(), Accept: "application/json" },
        credentials: "same-origin",
        redirect: "manual",
      });
    } catch {
      return { kind: "offline" };
    }
    if (answer.type === "opaqueredirect") return { kind: "signed_out" };
    if (answer.status >= 500 || answer.status === 429) return { kind: "offline" };
    const json = await answer.json().catch(() => null);
    if (!json) return { kind: [401, 403].includes(answer.status) ? "signed_out" : "refused", errors: {} };
    if (answer.ok) return { kind: "ok", ...json };
    return { kind: answer.status === 409 ? "stale" : "refused", ...json };
  }

  window.wuxiaoSheet = { store, send };
})();
