/* A display on the wall (templates/bulletins/screen.html): exchanges [data-slide] for the next one, for ever.
   What hangs stays until the next slide has arrived, so that nothing flickers and a lost network never leaves it blank. */
(() => {
  "use strict";
  const RETRY = 5000;
  const PATIENCE = 15000;
  const slide = () => document.querySelector("[data-slide]");
  const showOffline = (lost) => { document.querySelector("[data-offline]").hidden = !lost; };
  const parts = (page) => Array.from(page.querySelectorAll("script[src], link[rel=stylesheet]"), (node) => node.getAttribute("src") || node.getAttribute("href")).join();

  const tellTime = () => {
    const today = { month: "long", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" };
    document.querySelectorAll("[data-clock]").forEach((node) => { node.textContent = new Date().toLocaleString("zh-CN", today); });
  };

  const fetchPage = async () => {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(slide().dataset.next, { cache: "no-store", signal: stop.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.querySelector("[data-slide]")) throw new Error(answer.status);
      return page;
    } finally {
      clearTimeout(late);
    }
  };

  const show = (page) => {
    // After an upgrade the page brings other scripts or styles: begin anew with them.
    if (parts(page) !== parts(document)) location.reload();
    slide().replaceWith(document.adoptNode(page.querySelector("[data-slide]")));
    document.title = page.title;
    tellTime();
  };

  const rest = () => setTimeout(turn, Number(slide().dataset.seconds) * 1000);
  const turn = () => fetchPage()
    .then((page) => { show(page); showOffline(false); rest(); })
    .catch(() => { showOffline(true); setTimeout(turn, RETRY); });

  tellTime();
  setInterval(tellTime, 10000);
  rest();
})();
