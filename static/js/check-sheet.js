/* The check sheet on a phone: a row opens when something is wrong, a chapter counts its rows, a sheet with findings asks
   before it is sent, and Enter goes on to the next field instead of sending half a sheet. Needs teamhub.js. */
(() => {
  "use strict";
  const { $$, changed, onArrange, sent } = window.teamhub;

  const marked = (root) => $$(".check-toggle:checked", root);
  const isAward = (toggle) => Boolean(toggle.closest(".is-award"));
  // Hundredths that a row takes or awards; of a scored row, which says what it is given, what is missing to full marks.
  const worth = (toggle) => {
    const row = toggle.closest(".check-row"), typed = Number(row.querySelector(".stepper input").value) || 0;
    return Math.round((row.dataset.full ? row.dataset.full - typed : typed) * 100);
  };
  const isFault = (toggle) => !isAward(toggle) && (worth(toggle) > 0 || !toggle.closest("[data-full]"));
  const pointsOf = (toggles) => toggles.reduce((sum, toggle) => sum + worth(toggle), 0) / 100;

  const countGroup = (group) => {
    const count = group.querySelector(".check-count");
    if (!count) return;
    const rows = $$(".check-toggle", group).length, found = marked(group), award = group.matches(".is-award");
    const faults = found.filter(isFault), awards = found.filter(isAward), news = award ? [] : [`${rows} 项`];
    if (faults.length) news.push(`${faults.length} 项有问题`);
    if (awards.length) news.push(`加 ${pointsOf(awards)} 分`);
    if (!faults.length && !awards.length) news.push(award ? "没有" : "正常");
    count.textContent = news.join("，");
    count.classList.toggle("has-bad", faults.length > 0);
    count.classList.toggle("has-good", awards.length > 0 && !faults.length);
  };
  // What the dialog before sending says; a clean sheet has nothing to say and goes with one tap.
  const sumUp = (form) => {
    const faults = marked(form).filter(isFault), awards = marked(form).filter(isAward);
    const parts = [];
    if (faults.length) parts.push(`${faults.length} 条有问题，共扣 ${pointsOf(faults)} 分`);
    if (awards.length) parts.push(`加 ${pointsOf(awards)} 分`);
    if (parts.length) form.dataset.confirm = `${parts.join("；")}。其余全部正常。`;
    else delete form.dataset.confirm;
    const word = form.querySelector(".send-word");
    if (word) word.textContent = faults.length ? `提交（${faults.length} 条有问题，其余正常）` : "提交（其余全部正常）";
  };
  const openRow = (toggle) => {
    // Fields of a row that is in order are neither required nor sent.
    const more = toggle.closest(".check-row").querySelector("fieldset.check-more");
    if (more) more.disabled = !toggle.checked;
    if (toggle.checked) toggle.closest("details")?.setAttribute("open", "");
  };
  ["input", "change"].forEach((name) => document.addEventListener(name, ({ target }) => {
    const form = target.closest(".checklist");
    if (!form) return;
    if (target.matches(".check-toggle")) openRow(target);
    if (target.closest(".check-group")) countGroup(target.closest(".check-group"));
    sumUp(form);
  }));

  document.addEventListener("click", ({ target }) => {
    const phrase = target.closest(".phrases button");
    if (!phrase) return;
    const note = phrase.closest(".check-more").querySelector("input[name$='-note']");
    note.value = phrase.textContent;
    changed(note);
  });

  // Who it was leads on to what it was: saves a tap on a phone. With a keyboard, a choice is still being made.
  document.addEventListener("change", ({ target }) => {
    if (!target.matches(".checklist .check-more select") || !window.matchMedia("(pointer: coarse)").matches) return;
    const note = target.closest(".check-more").querySelector("input[name$='-note']");
    if (!note.value) note.focus();
  });

  // By hand one may take less than a step, with the buttons not.
  document.addEventListener("click", ({ target }) => {
    const button = target.closest(".check-row:not([data-full]) [data-step]"), step = Math.abs(button?.dataset.step);
    const input = button?.parentElement.querySelector("input");
    if (!input || Number(input.value) >= step) return;
    input.value = step.toFixed(2);
    changed(input);
  });

  const goOn = (field) => {
    const stops = Array.from(field.form.elements).filter((stop) =>
      stop.matches("input:not([type=hidden]), select, [type=submit]") && !stop.matches(":disabled") && stop.getClientRects().length);
    stops[stops.indexOf(field) + 1]?.focus();
  };
  document.addEventListener("keydown", (event) => {
    // Enter that ends the typing of a Chinese word belongs to the input method.
    if (event.key !== "Enter" || event.isComposing || !event.target.matches(".checklist input")) return;
    event.preventDefault();
    goOn(event.target);
  });

  /* WHAT IS WRONG STANDS AT ITS FIELD */

  const mark = (field, sentence) => {
    const id = `${field.id}-error`;
    document.getElementById(id)?.remove();
    field.classList.toggle("is-invalid", Boolean(sentence));
    if (!sentence) return ["aria-invalid", "aria-describedby"].forEach((name) => field.removeAttribute(name));
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", id);
    const note = Object.assign(document.createElement("div"), { id, className: "invalid-feedback d-block", textContent: sentence });
    (field.closest(".stepper") || field).after(note);
  };
  const wordsFor = ({ type, max, min }) => {
    if (type !== "number") return "请写说明，当事人要看得懂为什么扣分或加分。";
    return `要${Number(min) ? "大于 0、不超过" : "在 0 到"} ${Number(max)} 分${Number(min) ? "" : "之间"}，最多两位小数。`;
  };
  const goTo = (field) => {
    field?.focus({ preventScroll: true });
    field?.scrollIntoView({ block: "center" });
  };
  // The browser refuses before anything is asked or sent; it can only go to a field that is to be seen.
  document.addEventListener("invalid", (event) => {
    const field = event.target, form = field.form;
    if (!form?.matches(".checklist")) return;
    event.preventDefault();
    find(form, "");
    field.closest("details")?.setAttribute("open", "");
    mark(field, wordsFor(field));
    if (form.querySelector("input:invalid") === field) goTo(field);
  }, true);
  document.addEventListener("input", ({ target }) => {
    if (target.matches(".checklist .is-invalid") && target.validity.valid) mark(target, "");
  });
  document.addEventListener("DOMContentLoaded", () => goTo(document.querySelector(".checklist .is-invalid")));

  document.addEventListener("click", ({ target }) => {
    if (!target.closest("[data-empty]")) return;
    sent(document.querySelector(".checklist"));
    location.replace(location.pathname); // Not reload: that would send the refused sheet once more.
  });

  /* FINDING A LINE: those that hold the words stay, in sections that are open; without words all is as it was */

  const find = (form, words) => {
    const box = form.querySelector("#check-find"), rows = $$(".check-row", form);
    box.value = words;
    rows.forEach((row) => { row.hidden = !row.querySelector(".check-label").textContent.includes(words.trim()); });
    $$(".check-group", form).forEach((group) => {
      group.hidden = !group.querySelector(".check-row:not([hidden])");
      if (words && group.dataset.was === undefined) group.dataset.was = group.open ? "open" : "";
      if (words || group.dataset.was !== undefined) group.open = Boolean(words || group.dataset.was || marked(group).length);
      if (!words) delete group.dataset.was;
    });
    const left = rows.filter((row) => !row.hidden).length;
    box.nextElementSibling.textContent = words ? (left ? `${left} 项` : "没有这样的小项，换个字试试") : "";
  };
  // The field belongs to no form: it is neither sent nor kept, and nothing else on the page need know of it.
  const offerFind = (form) => {
    const part = form.querySelector(".check-find");
    part.hidden = false;
    part.addEventListener("input", ({ target }) => find(form, target.value));
    ["input", "change", "keydown"].forEach((name) => part.addEventListener(name, (event) => event.stopPropagation()));
  };
  document.addEventListener("DOMContentLoaded", () => $$(".checklist").forEach(offerFind));

  onArrange((root) => {
    $$(".check-toggle", root).forEach(openRow);
    $$(".check-group", root).forEach(countGroup);
    $$(".checklist", root).forEach(sumUp);
  });
})();
