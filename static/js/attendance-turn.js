/* The month grid of rotating shifts: puts the cycles that the server read from the days before into empty cells. Each cell
   holds its proposals in data-turns, one sign for each choice of the cycle. Needs teamhub.js. */
(() => {
  "use strict";
  const { $$, changed } = window.teamhub;

  const put = (input, value) => {
    input.value = value;
    changed(input);
  };
  // What an earlier choice of the cycle put in gives way to this one, unless it was changed by hand.
  const takeBack = (grid) => $$("input[data-turned]", grid).forEach((input) => {
    if (input.value === input.dataset.turned) put(input, "");
    delete input.dataset.turned;
  });
  const fill = (input, choice) => {
    const code = input.dataset.turns[choice] || ".";
    if (input.value || code === ".") return 0;
    input.dataset.turned = code;
    put(input, code);
    return 1;
  };
  const say = (filled, left) => {
    const names = left.slice(0, 5).join("、") + (left.length > 5 ? `等 ${left.length} 人` : "");
    const who = left.length ? `看不出${names}的周期，空格没动：选几天一轮再点，或先填几天并保存。` : "";
    const done = filled ? `已填 ${filled} 格，核对后保存。` : left.length ? "" : "没有空格要填。";
    return done + who;
  };
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-turn]");
    if (!button) return;
    const grid = document.getElementById(button.dataset.turn), choice = document.getElementById("turn-length").value;
    takeBack(grid);
    const rows = $$("tbody tr", grid).map((row) => [row, $$("input[data-turns]:not(:disabled)", row)]);
    const filled = rows.flatMap(([, cells]) => cells).reduce((sum, input) => sum + fill(input, choice), 0);
    const left = rows.filter(([, cells]) => cells.some((input) => !input.value)).map(([row]) => row.querySelector(".stick").textContent.trim());
    document.querySelector("[data-turn-said]").textContent = say(filled, left);
  });
})();
