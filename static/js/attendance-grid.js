/* The month grid of attendance: a spreadsheet for codes, with brushes for those without a keyboard. Needs teamhub.js. */
(() => {
  "use strict";
  const { $$, changed, onArrange, sent, toast } = window.teamhub;

  const CODES = "td input:not(.overtime)";
  const cellsOf = (grid) => $$("tbody tr", grid).map((row) => $$("td input", row)).filter((row) => row.length);
  const place = (grid, input) => {
    const rows = cellsOf(grid), y = rows.findIndex((row) => row.includes(input));
    return { rows, y, x: y < 0 ? -1 : rows[y].indexOf(input) };
  };
  const isCode = (input) => Boolean(input?.matches(CODES));
  const paint = (input) => { if (isCode(input) && !input.disabled) input.closest("td").dataset.code = input.value; };
  const setValue = (input, value) => {
    if (!input || input.readOnly && !("painting" in input.dataset) || input.disabled || input.value === value) return;
    input.value = value;
    changed(input);
  };
  const brush = (grid) => document.querySelector(`.legend[data-for="${grid.id}"] [aria-pressed="true"]`)?.dataset.code;
  const inGrid = (event) => event.target.matches?.(".grid-attendance td input") && event.target.closest(".grid-attendance");

  /* BY KEYBOARD */

  const step = (rows, y, x, [down, right]) => {
    let next;
    do next = rows[y += down]?.[x += right]; while (next?.disabled);
    if (next) { next.focus(); next.scrollIntoView({ block: "nearest", inline: "nearest" }); }
  };
  document.addEventListener("keydown", (event) => {
    const grid = inGrid(event);
    if (grid && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") { event.preventDefault(); return grid.closest("form").requestSubmit(); }
    if (!grid || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [event.shiftKey ? -1 : 1, 0] }[event.key];
    if (!move) return;
    event.preventDefault();
    const { rows, y, x } = place(grid, event.target);
    step(rows, y, x, move);
  });
  document.addEventListener("focusin", (event) => { if (inGrid(event)) event.target.select(); });
  document.addEventListener("mouseup", (event) => { if (inGrid(event)) event.preventDefault(); });
  // Codes go into days and hours into overtime: a block from a spreadsheet stays within the kind of cell it began in.
  document.addEventListener("paste", (event) => {
    const grid = inGrid(event);
    const text = event.clipboardData?.getData("text").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!grid || !/[\t\n]/.test(text || "")) return;
    event.preventDefault();
    const { rows, y, x } = place(grid, event.target), kind = isCode(event.target);
    text.split("\n").forEach((line, dy) => line.split("\t").forEach((value, dx) => {
      const input = rows[y + dy]?.[x + dx];
      if (isCode(input) === kind) setValue(input, value.trim());
    }));
  });

  /* BY FINGER: a code picked in the legend is a brush for a cell, or for what is empty in a column or a row */

  const fill = (inputs, codeFor) => inputs.filter((input) => !input.value).forEach((input) => setValue(input, codeFor(input)));
  const pick = (button) => {
    const legend = button.closest(".legend"), grid = document.getElementById(legend.dataset.for);
    const on = button.getAttribute("aria-pressed") !== "true";
    $$("button[data-code]", legend).forEach((other) => other.setAttribute("aria-pressed", String(other === button && on)));
    grid.classList.toggle("is-painting", on);
    $$(CODES, grid).filter((input) => !input.readOnly || "painting" in input.dataset).forEach((input) => {
      input.readOnly = on;
      input.toggleAttribute("data-painting", on);
    });
  };
  const fillLine = (head) => {
    const grid = head.closest(".grid-attendance"), code = brush(grid), { column } = head.dataset;
    if (code === undefined) return toast("先在上面点一个符号，再点日期或姓名。");
    const line = column === undefined ? $$(CODES, head.closest("tr")) : cellsOf(grid).map((row) => row[column]);
    fill(line, () => code);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".legend[data-for] button[data-code]"), head = event.target.closest(".grid-fill");
    const filler = event.target.closest("[data-fill]"), grid = inGrid(event);
    if (button) pick(button);
    if (head) fillLine(head);
    // Everybody present is the rule of a day shift: fill what is empty, then mark the exceptions.
    if (filler) fill($$(CODES, document.getElementById(filler.dataset.fill)), (input) => input.dataset.usual);
    if (grid && isCode(event.target) && brush(grid) !== undefined) setValue(event.target, brush(grid));
  });

  // With a keyboard the legend is one stop on the way to the grid: arrows walk along its codes.
  const stopAt = (legend, button) => $$("button[data-code]", legend).forEach((other) => { other.tabIndex = other === button ? 0 : -1; });
  document.addEventListener("keydown", (event) => {
    const legend = event.target.closest?.(".legend[data-for]"), step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!legend || !step) return;
    const buttons = $$("button[data-code]", legend), next = buttons.at((buttons.indexOf(event.target) + step) % buttons.length);
    event.preventDefault();
    stopAt(legend, next);
    next.focus();
  });
  onArrange((root) => $$(".legend[data-for]", root).forEach((legend) => stopAt(legend, legend.querySelector("button"))));

  /* WHAT FOLLOWS FROM THE CELLS: colours, totals, and whether the month may be confirmed */

  const total = (row, worked) => {
    const days = $$(CODES, row).filter((input) => !input.disabled && input.value && worked.includes(input.value));
    row.querySelector("[data-total]").textContent = days.length;
  };
  const guardConfirming = (form) => {
    const unsaved = form.hasAttribute("data-refused") || $$("td input", form).some((input) => input.value !== input.defaultValue);
    $$(`[data-needs-saved="${form.id}"]`).forEach((button) => { button.disabled = unsaved; });
    $$(`[data-unsaved="${form.id}"]`).forEach((hint) => { hint.hidden = !unsaved; });
  };
  document.addEventListener("input", (event) => {
    const grid = inGrid(event);
    if (!grid) return;
    event.target.removeAttribute("aria-invalid");
    paint(event.target);
    total(event.target.closest("tr"), grid.dataset.worked);
    guardConfirming(grid.closest("form"));
  });
  document.addEventListener("click", (event) => {
    const form = document.getElementById(event.target.closest("[data-discard]")?.dataset.discard);
    if (form) { sent(form); location.assign(location.pathname); }
  });

  /* OPENING: after a draft came back, too */

  const showToday = (grid) => {
    const today = grid.querySelector("thead .today"), names = grid.querySelector("thead .stick");
    if (today) grid.scrollLeft = today.offsetLeft - names.offsetWidth - (grid.clientWidth - names.offsetWidth - today.offsetWidth) / 2;
  };
  const open = (grid) => {
    const wrong = grid.closest("[data-refused]")?.querySelector("td [aria-invalid]");
    $$(CODES, grid).forEach(paint);
    $$("tbody tr", grid).forEach((row) => total(row, grid.dataset.worked));
    guardConfirming(grid.closest("form"));
    showToday(grid);
    if (wrong) { wrong.focus({ preventScroll: true }); wrong.scrollIntoView({ block: "center", inline: "center" }); }
  };
  onArrange((root) => $$(".grid-attendance:has(td input)", root).forEach(open));
  // On a page that is only read the grid opens at today as well.
  onArrange((root) => $$(".grid-attendance:not(:has(td input))", root).forEach(showToday));
})();
