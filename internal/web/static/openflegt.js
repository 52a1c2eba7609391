// Small helps. Every page works without them.
(function () {
  "use strict";
  document.documentElement.classList.remove("no-js");

  // forgetDrafts wipes what the licence form keeps in this browser (licence.js): every key
  // with that end.
  function forgetDrafts(end) {
    try {
      Object.keys(localStorage).forEach(function (key) {
        if (key.startsWith("openflegt-draft:") && key.endsWith(end)) localStorage.removeItem(key);
      });
    } catch (e) { /* nothing is kept where nothing may be */ }
  }

  var library = document.currentScript.dataset.ecl;
  document.addEventListener("DOMContentLoaded", function () {
    // The library's script is large and few pages have a component that needs it.
    if (document.querySelector("[data-ecl-auto-init]")) {
      var script = document.createElement("script");
      script.src = library;
      script.onload = function () { ECL.autoInit(); };
      document.head.append(script);
    }

    // What is asked in a drawer is asked in a dialog instead: <details data-of-lift="Cancel">
    // becomes a button with the summary's words and a dialog with the rest. One that is open,
    // as after errors, opens by itself and takes the summary of errors along.
    document.querySelectorAll("details[data-of-lift]").forEach(function (drawer, i) {
      var dialog = document.createElement("dialog");
      if (!dialog.showModal) return;
      var summary = drawer.querySelector("summary");
      var opener = document.createElement("button");
      opener.type = "button";
      opener.className = "ecl-button ecl-button--" + (drawer.dataset.ofStyle || "secondary");
      opener.textContent = summary.textContent;
      opener.setAttribute("aria-haspopup", "dialog");
      var heading = document.createElement("h2");
      heading.id = "dialog-" + i;
      heading.textContent = summary.textContent;
      dialog.className = "of-dialog";
      dialog.setAttribute("aria-labelledby", heading.id);
      var open = drawer.open;
      summary.remove();
      dialog.append(heading);
      while (drawer.firstChild) dialog.append(drawer.firstChild);
      var send = dialog.querySelector("button[type='submit']:last-of-type");
      var cancel = document.createElement("button");
      cancel.type = "button";
      cancel.className = "ecl-button ecl-button--secondary";
      cancel.textContent = drawer.dataset.ofLift;
      cancel.addEventListener("click", function () { dialog.close(); });
      var row = document.createElement("p");
      row.className = "of-buttons";
      send.before(row);
      row.append(send, cancel);
      opener.addEventListener("click", function () { dialog.showModal(); });
      dialog.addEventListener("close", function () { opener.focus(); });
      var place = document.createElement("p");
      place.append(opener);
      drawer.replaceWith(place, dialog);
      if (!open) return;
      var problems = document.getElementById("problems");
      if (problems) heading.after(problems);
      dialog.showModal();
    });

    // After a form came back with errors, start reading at their summary.
    var summary = document.querySelector("[data-of-focus]");
    if (summary) summary.focus();

    // A table is a stop of the keyboard where it must be scrolled sideways, and only there.
    function stops() {
      document.querySelectorAll(".ecl-table-responsive").forEach(function (box) {
        if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; else box.removeAttribute("tabindex");
      });
    }
    stops();
    window.addEventListener("resize", stops);

    // A link of the summary leads to the box itself.
    document.querySelectorAll(".of-summary a[href^='#']").forEach(function (a) {
      a.addEventListener("click", function (event) {
        var box = document.getElementById(decodeURIComponent(a.hash.slice(1)));
        if (!box) return;
        event.preventDefault();
        box.focus();
        box.scrollIntoView({ block: "center" });
      });
    });

    // A password can be looked at while it is typed.
    document.querySelectorAll("[data-of-password]").forEach(function (box) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "ecl-button ecl-button--tertiary";
      button.textContent = box.dataset.ofShow;
      button.setAttribute("aria-controls", box.id);
      button.addEventListener("click", function () {
        var hidden = box.type === "password";
        box.type = hidden ? "text" : "password";
        button.textContent = hidden ? box.dataset.ofHide : box.dataset.ofShow;
      });
      box.insertAdjacentElement("afterend", button);
    });

    // A form is sent once, however often its button is pressed. A page that the browser
    // brings back from its memory may be sent again.
    document.querySelectorAll("form[method='post']").forEach(function (form) {
      form.addEventListener("submit", function (event) {
        if (form.dataset.sent) event.preventDefault();
        form.dataset.sent = "1";
      });
    });
    window.addEventListener("pageshow", function () {
      document.querySelectorAll("form[data-sent]").forEach(function (form) {
        delete form.dataset.sent;
      });
    });

    // What stands in a block can be copied with one press.
    document.querySelectorAll("[data-of-copy]").forEach(function (button) {
      if (!navigator.clipboard) return;
      button.hidden = false;
      button.addEventListener("click", function () {
        var source = document.getElementById(button.dataset.ofCopy);
        navigator.clipboard.writeText(source.value || source.textContent).then(function () {
          button.textContent = button.dataset.ofCopied;
        });
      });
    });

    // Signing out leaves nothing of one's drafts on a machine that others use as well.
    document.querySelectorAll("form[action='/sign-out'], form[action='/account/sign-out-everywhere'], form[action='/account/close']").forEach(function (form) {
      form.addEventListener("submit", function () { forgetDrafts(""); });
    });
    // A licence that was handed in has no draft any more.
    var handedIn = document.querySelector("[data-of-handed-in]");
    if (handedIn) forgetDrafts(":" + handedIn.dataset.ofHandedIn);

    // The account box closes by Escape and by a click beside it.
    var account = document.querySelector(".of-account");
    if (account) {
      document.addEventListener("click", function (event) {
        if (!account.contains(event.target)) account.open = false;
      });
      account.addEventListener("keydown", function (event) {
        if (event.key !== "Escape") return;
        account.open = false;
        account.querySelector("summary").focus();
      });
    }
  });
})();
