/* TeamHub: behaviour of pages, without a framework and safe under a strict CSP (no eval, no inline handlers or styles).

  form[data-confirm], button[data-confirm]  ask before submitting, {field} in the text is what was typed;
                                            data-confirm-title, data-confirm-ok, data-confirm-danger; data-confirm-complete:
                                            only once nothing that is required is left out, for else the page comes back
  select[data-autosubmit]                   submit the GET form on change
  form[data-guard]                          warn before leaving with unsaved changes
  form[data-draft="key"]                    keep what was typed on this device until the form is sent; with data-draft-day
                                            only for that day; data-refused: what was typed has come back;
                                            input[data-keep]: a hidden field that belongs to it
  form[data-repeatable]                     not locked after submit (downloads)
  [data-back] [data-print]                  go back, print
  [data-show-passwords]                     show what is typed into the form's password fields, until it is sent
  .stepper .file-pick .checklist .grid-attendance .table-cards: see css/teamhub.css
*/
(() => {
  "use strict";
  const $$ = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const make = (tag, props = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...children);
    return node;
  };
  const icon = (name) => {
    const node = make("i", { className: `bi bi-${name}` });
    node.setAttribute("aria-hidden", "true");
    return node;
  };
  const changed = (field) => {
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  /* ASKING BEFORE A FINAL STEP */

  const ask = (text, { title, ok, danger } = {}) =>
    new Promise((answer) => {
      const dialog = make("dialog", { className: "ask" });
      if (!dialog.showModal) return answer(window.confirm(text));
      const heading = make("h2", { id: "ask-title", textContent: title || "请确认" });
      const body = make("p", { id: "ask-text", textContent: text });
      const no = make("button", { type: "button", className: "btn btn-outline-secondary", textContent: "再想想" });
      const yes = make("button", {
        type: "button", className: `btn ${danger ? "btn-danger" : "btn-primary"}`, textContent: ok || "确定",
      });
      dialog.append(heading, body, make("div", { className: "ask-buttons" }, no, yes));
      dialog.setAttribute("aria-labelledby", heading.id);
      dialog.setAttribute("aria-describedby", body.id);
      let said = false;
      yes.addEventListener("click", () => { said = true; dialog.close(); });
      no.addEventListener("click", () => dialog.close());
      dialog.addEventListener("close", () => { dialog.remove(); answer(said); });
      document.body.append(dialog);
      dialog.showModal();
      no.focus();
    });

  // In a question {name} is what the field of that name holds, {#} how many figures the form has, {+} what they add up to,
  // {ticked} what the ticked boxes stand for (their data-said).
  const filled = (text, form) => {
    const figures = $$("input.num", form).map((field) => Number(field.value.normalize("NFKC").replaceAll(",", ""))).filter(Boolean);
    const sum = figures.reduce((total, figure) => total + figure, 0);
    const ticked = [...form.elements].filter((field) => field.checked && field.dataset.said).map((field) => field.dataset.said);
    const known = { ticked: ticked.join("；") || "一条也没有选", "#": figures.length, "+": sum.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 }) };
    return text.replace(/\{([\w#+]+)\}/g, (whole, name) => known[name] ?? form.elements[name]?.value ?? whole);
  };

  // A form that is just saving itself is sent when that is done: what comes back tells the moment of its last saving.
  const saving = (form) => form.querySelector("[hx-post].htmx-request");
  const whenSaved = (form, send) => {
    const part = saving(form);
    if (!part) return send();
    part.addEventListener("htmx:afterRequest", () => setTimeout(whenSaved, 0, form, send), { once: true });
  };

  const agreed = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    const source = button?.dataset.confirm ? button : form.dataset.confirm ? form : null;
    if (!source || button?.hasAttribute("data-no-confirm") || agreed.delete(form)) return;
    if (source.dataset.confirmComplete !== undefined && !form.checkValidity()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { confirm, confirmTitle, confirmOk, confirmDanger } = source.dataset;
    const options = { title: confirmTitle, ok: confirmOk || button?.textContent.trim(), danger: confirmDanger !== undefined };
    ask(filled(confirm, form), options).then((yes) => yes && whenSaved(form, () => {
      agreed.add(form);
      form.requestSubmit(button);
      agreed.delete(form);
    }));
  }, true);
  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question).then((yes) => yes && event.detail.issueRequest(true));
  });

  /* ONE SUBMIT PER PRESS */

  const isHtmx = (form) => ["hx-post", "hx-get", "hx-put", "hx-patch", "hx-delete"].some((name) => form.hasAttribute(name));
  const buttonsOf = (form) => Array.from(form.elements).filter((field) => field.type === "submit");
  const unlock = (form) => {
    delete form.dataset.locked;
    buttonsOf(form).forEach((button) => { button.disabled = false; button.removeAttribute("aria-busy"); });
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || isHtmx(form) || form.hasAttribute("data-repeatable")) return;
    if (form.dataset.locked) return event.preventDefault();
    if (saving(form)) {
      event.preventDefault();
      return whenSaved(form, () => form.requestSubmit(event.submitter));
    }
    form.dataset.locked = "1";
    // After the browser has read the pressed button's name and value; a lost network gives the buttons back.
    setTimeout(() => buttonsOf(form).forEach((button) => { button.disabled = true; }));
    event.submitter?.setAttribute("aria-busy", "true");
    setTimeout(unlock, 30000, form);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.closest?.("form")?.dataset.locked) event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) $$("form[data-locked]").forEach(unlock); });

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches("select[data-autosubmit], input[data-autosubmit]")) field.form.requestSubmit();
  });

  /* WHAT WAS TYPED IS NOT LOST */

  const dirty = new Set();
  const typedAt = new WeakMap();
  const draftKey = (form) => `teamhub:${document.body.dataset.user}:${location.pathname}:${form.dataset.draft}`;
  const draftFields = (form) => Array.from(form.elements).filter((field) =>
    field.name && (field.hasAttribute("data-keep") || !["hidden", "file", "password", "submit"].includes(field.type)));
  const saveDraft = (form) => {
    const values = draftFields(form).map((field) =>
      [field.name, field.value, ["checkbox", "radio"].includes(field.type) ? field.checked : null]);
    const draft = { day: form.dataset.draftDay, waiting: form.hasAttribute("data-waiting"), values };
    try { localStorage.setItem(draftKey(form), JSON.stringify(draft)); } catch { /* private mode: no draft */ }
  };
  const restoreDraft = (form) => {
    // A refused form comes back with what was typed, and knows more than the draft.
    if (form.hasAttribute("data-refused")) { dirty.add(form); return saveDraft(form); }
    let draft = null;
    try { draft = JSON.parse(localStorage.getItem(draftKey(form))); } catch { /* unreadable: no draft */ }
    // A sheet left over from yesterday is not today's, but for one that was pressed and has not arrived.
    const values = draft?.waiting || draft?.day === form.dataset.draftDay ? draft?.values : null;
    const fields = draftFields(form);
    if (!values || values.length !== fields.length || values.some(([name], i) => name !== fields[i].name)) return;
    fields.forEach((field, i) => {
      if (values[i][2] === null) field.value = values[i][1];
      else field.checked = values[i][2];
    });
    dirty.add(form);
    form.dataset.restored = "";
    // Not reload: that would send a refused form once more.
    tellRestored(() => { localStorage.removeItem(draftKey(form)); dirty.clear(); location.replace(location.pathname); });
  };
  // Below the heading until it is closed, for what floats would cover something.
  const tellRestored = (startAnew) => {
    const anew = make("button", { type: "button", className: "btn btn-link", textContent: "清空重填" });
    anew.addEventListener("click", startAnew);
    const close = make("button", { type: "button", className: "btn-close" });
    close.setAttribute("aria-label", "关闭提示");
    close.dataset.bsDismiss = "alert";
    const note = make("div", { className: "alert alert-info" }, icon("info-circle-fill"), make("div", {}, "已接着上次没交的内容。"), anew, close);
    note.setAttribute("role", "status");
    document.querySelector(".context-switch").after(note);
  };
  const typed = (event) => {
    const form = event.target.form;
    if (!form?.matches("[data-guard], [data-draft]")) return;
    typedAt.set(form, performance.now());
    if (form.hasAttribute("data-guard")) dirty.add(form);
    if (form.dataset.draft) saveDraft(form);
  };
  ["input", "change"].forEach((name) => document.addEventListener(name, typed));
  const sent = (form) => {
    dirty.delete(form);
    if (form.dataset?.draft) localStorage.removeItem(draftKey(form));
  };
  // It did not arrive: it can be pressed again, and what was typed stays.
  const unsent = (form) => {
    unlock(form);
    dirty.add(form);
    sessionStorage.removeItem("teamhub:sent");
    saveDraft(form);
  };
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || isHtmx(event.target)) return;
    dirty.delete(event.target);
    // The draft goes when the next page has come: see forgetSentDraft.
    if (event.target.dataset.draft) sessionStorage.setItem("teamhub:sent", draftKey(event.target));
  });
  document.addEventListener("htmx:beforeSend", (event) => { event.detail.begun = performance.now(); });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    // What was typed meanwhile waits for the next time that the page saves itself.
    if (form && event.detail.successful && !(typedAt.get(form) > event.detail.begun)) sent(form);
  });
  window.addEventListener("beforeunload", (event) => {
    if (Array.from(dirty).some((form) => form.isConnected && !form.dataset.locked)) {
      event.preventDefault();
      event.returnValue = "";
    }
  });

  // A form that went back to its page by a redirect gets what was typed again (teams/typed.py).
  const sendsTo = (form, path) => [form.getAttribute("action"), ...buttonsOf(form).map((button) => button.getAttribute("formaction"))]
    .some((action) => action && new URL(action, location).pathname === path);
  const putBack = (field, values) => {
    const ticked = ["checkbox", "radio"].includes(field.type);
    if (["hidden", "file", "password", "submit"].includes(field.type) || !(values || ticked)) return;
    if (ticked) field.checked = Boolean(values?.includes(field.value));
    else if (field.multiple) Array.from(field.options).forEach((option) => { option.selected = values.includes(option.value); });
    else field.value = values.shift() ?? field.value;
    changed(field);
  };
  const refill = () => {
    const note = document.querySelector("[data-typed]");
    if (!note) return;
    const typedIn = {};
    $$("data", note).forEach((data) => (typedIn[data.title] ??= []).push(data.value));
    const holds = (form) => Object.keys(typedIn).every((name) => form.elements.namedItem(name));
    const form = $$("form").find((found) => sendsTo(found, note.dataset.typed) && holds(found));
    if (!form) return;
    Array.from(form.elements).forEach((field) => putBack(field, typedIn[field.name]));
    for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    note.remove();
  };

  /* NEWS */

  const toast = (text, bad = false) => {
    let stack = document.querySelector(".toast-stack");
    if (!stack) {
      stack = make("div", { className: "toast-stack" });
      stack.setAttribute("aria-live", "assertive");
      document.body.append(stack);
    }
    const close = make("button", { type: "button" }, icon("x-lg"));
    close.setAttribute("aria-label", "关闭提示");
    const note = make("div", { className: bad ? "toast-note bad" : "toast-note" }, make("span", { textContent: text }), close);
    close.addEventListener("click", () => note.remove());
    stack.append(note);
    setTimeout(() => note.remove(), 10000);
  };
  const SAY = {
    0: "网络不通，没有保存。请检查网络后再试。",
    400: "填写的内容有误，没有保存。",
    401: "登录已过期，请重新登录。",
    403: "您没有权限办这件事，或页面放得太久，请刷新后再试。",
    404: "这份资料已经不在了，请刷新页面。",
    409: "别人刚改过这份资料，请刷新后再办。",
    413: "文件太大，没有上传。",
    429: "操作太快，请稍等一会儿再试。",
  };
  const loginUrl = () => document.querySelector('meta[name="login-url"]')?.content;
  const goToLogin = () => { dirty.clear(); location.assign(`${loginUrl()}?next=${encodeURIComponent(location.pathname + location.search)}`); };
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    if (xhr.status === 401 && loginUrl()) return goToLogin();
    const plain = (xhr.getResponseHeader("Content-Type") || "").startsWith("text/plain") && xhr.responseText.length < 200;
    toast((plain && xhr.responseText) || SAY[xhr.status] || "系统出了故障，没有保存。请过几分钟再试。", true);
  });
  ["htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, () => toast(SAY[0], true)));
  document.addEventListener("htmx:beforeSwap", (event) => {
    // An expired session answers a fragment request with the sign-in page: go there instead of swapping it in.
    const url = event.detail.xhr.responseURL;
    if (url && loginUrl() && new URL(url).pathname === loginUrl()) { event.detail.shouldSwap = false; goToLogin(); }
  });

  /* STEPPER */

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".stepper button[data-step]");
    if (!button) return;
    const input = button.closest(".stepper").querySelector("input");
    const step = Number(button.dataset.step), digits = (button.dataset.step.split(".")[1] || "").length;
    let value = (Number(input.value) || 0) + step;
    if (input.min !== "") value = Math.max(value, Number(input.min));
    if (input.max !== "") value = Math.min(value, Number(input.max));
    input.value = value.toFixed(Math.max(digits, (input.value.split(".")[1] || "").length));
    changed(input);
  });

  /* FILES AND PHOTOS */

  const chosen = new WeakMap();
  const listFor = (input) => {
    const anchor = input.closest(".file-pick") || input;
    if (!anchor.nextElementSibling?.matches(".photo-list, .file-name")) {
      const list = input.hasAttribute("data-photos") ? make("ul", { className: "photo-list" }) : make("span", { className: "file-name" });
      list.setAttribute("aria-live", "polite");
      anchor.after(list);
    }
    return anchor.nextElementSibling;
  };
  const showPhotos = (input) => {
    const files = chosen.get(input), list = listFor(input);
    const carrier = new DataTransfer();
    files.forEach((file) => carrier.items.add(file));
    input.files = carrier.files;
    list.replaceChildren(...files.map((file, index) => {
      const canvas = make("canvas", { width: 176, height: 176 });
      const remove = make("button", { type: "button" }, icon("x-lg"));
      remove.setAttribute("aria-label", `去掉第 ${index + 1} 张照片`);
      remove.addEventListener("click", () => { files.splice(index, 1); showPhotos(input); changed(input.form || input); });
      window.createImageBitmap?.(file).then((image) => {
        const side = Math.min(image.width, image.height);
        canvas.getContext("2d").drawImage(image, (image.width - side) / 2, (image.height - side) / 2, side, side, 0, 0, 176, 176);
      }).catch(() => canvas.replaceWith(make("span", { className: "photo-none" })));
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `第 ${index + 1} 张照片`);
      return make("li", {}, canvas, remove, make("small", { textContent: file.name }));
    }));
  };
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type !== "file") return;
    if (!input.hasAttribute("data-photos")) {
      if (!input.closest(".file-pick")) return;
      listFor(input).textContent = Array.from(input.files, (file) => `${file.name}（${Math.ceil(file.size / 1024)} KB）`).join("、");
      return;
    }
    // The camera hands over one photo at a time: add to what was taken before, up to the limit.
    const limit = Number(input.dataset.photos) || 3;
    const files = [...(chosen.get(input) || []), ...input.files];
    if (files.length > limit) toast(`最多 ${limit} 张照片，多出的没有加上。`);
    chosen.set(input, files.slice(0, limit));
    showPhotos(input);
  });

  /* SMALL THINGS */

  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-back]")) history.back();
    if (target.closest("[data-print]")) window.print();
  });

  const showPasswords = (button, shown) => {
    Array.from(button.form.elements).forEach((field) => {
      if (field.type === "password") field.dataset.secret = "";
      if (field.dataset.secret !== undefined) field.type = shown ? "text" : "password";
    });
    button.setAttribute("aria-pressed", shown);
    button.replaceChildren(icon(shown ? "eye-slash" : "eye"), shown ? "隐藏密码" : "显示密码");
  };
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-show-passwords]");
    if (button) showPasswords(button, button.getAttribute("aria-pressed") !== "true");
  });
  document.addEventListener("submit", ({ target }) => $$("[data-show-passwords]", target).forEach((button) => showPasswords(button, false)));

  // Display values other than table take a table's meaning from screen readers: give it back.
  const nameTables = (root) => $$("table.table-cards", root).forEach((table) => {
    table.setAttribute("role", "table");
    $$("thead, tbody, tfoot", table).forEach((part) => part.setAttribute("role", "rowgroup"));
    $$("tr", table).forEach((row) => row.setAttribute("role", "row"));
    $$("td", table).forEach((cell) => cell.setAttribute("role", "cell"));
    $$("th", table).forEach((cell) => cell.setAttribute("role", cell.scope === "row" ? "rowheader" : "columnheader"));
  });

  // Other scripts join in with teamhub.onArrange: what they do to a page, they do to every part that htmx brings.
  const arrangers = [];
  const arrange = (root) => {
    nameTables(root);
    arrangers.forEach((arranger) => arranger(root));
  };
  // Another ordinary page, or this one with a word of success, proves that the form arrived; an error page, the sign-in page
  // or the form itself does not, and the draft stays.
  const forgetSentDraft = () => {
    const key = sessionStorage.getItem("teamhub:sent");
    sessionStorage.removeItem("teamhub:sent");
    if (!key || !loginUrl()) return;
    const stillHere = $$("form[data-draft]").some((form) => draftKey(form) === key);
    if (!stillHere || document.querySelector(".alert-success")) localStorage.removeItem(key);
  };
  // A refused form comes back at the top of its page: go to what has to be mended, which may be far below.
  const showRefusal = () => {
    const first = document.querySelector(".alert-danger, .is-invalid");
    if (first?.matches(".is-invalid")) first.focus({ preventScroll: true });
    first?.scrollIntoView({ block: "center" });
  };
  const start = () => {
    forgetSentDraft();
    $$("form[data-draft]").forEach(restoreDraft);
    arrange(document);
    refill();
    showRefusal();
    if (history.length > 1) $$("[data-back]").forEach((button) => { button.hidden = false; });
    $$("[data-show-passwords]").forEach((button) => { button.hidden = false; });
  };
  document.addEventListener("htmx:load", () => arrange(document));
  window.teamhub = { $$, ask, changed, draftKey, toast, sent, unsent, onArrange: (arranger) => arrangers.push(arranger) };
  // Deferred scripts have all run when the document is ready, so their arrangers are there.
  document.addEventListener("DOMContentLoaded", start);
})();
