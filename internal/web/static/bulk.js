// How far a table of licences is, without loading the page anew. Without this script the page
// reloads itself.
(function () {
  "use strict";
  document.addEventListener("DOMContentLoaded", function () {
    var here = document.querySelector("[data-of-bulk=working]");
    if (!here) return;
    function look() {
      fetch(location.href, { headers: { Accept: "text/html" } }).then(function (answer) {
        if (answer.status === 404) { location.reload(); return ""; }
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.text();
      }).then(function (text) {
        var next = new DOMParser().parseFromString(text, "text/html").querySelector("[data-of-bulk=working]");
        if (!next) { location.reload(); return; }
        var bar = here.querySelector("progress"), now = next.querySelector("progress");
        if (bar && now && here.querySelector("[role=status]").textContent === next.querySelector("[role=status]").textContent) {
          bar.max = now.max;
          bar.value = now.value;
          bar.nextSibling.textContent = now.nextSibling.textContent;
        } else { location.reload(); return; }
        setTimeout(look, 1000);
      }).catch(function () { setTimeout(look, 5000); });
    }
    setTimeout(look, 500);
  });
})();
