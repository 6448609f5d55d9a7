// After a session: how it felt, and what was done. A line that is lost meanwhile costs no answer.

import { h, problem, show } from "./dom.js";
import { AWAY } from "./line.js";
import { result } from "./results.js";
import { choice, scale } from "./safety.js";
import { tr } from "./server.js";

export class After {
  constructor(line, summary) {
    Object.assign(this, { line, summary });
    this.left = false;
    this.felt = null; // the answers, until the server has them
    line.addEventListener("hello", () => this.send());
    line.addEventListener("lost", () => this.felt && this.show());
    line.addEventListener("thanks", (event) => this.thanked(event.detail));
  }

  async ask() {
    const after = await scale(tr("And how much does it hurt now?"));
    if (this.left) return;
    const answers = [[tr("No"), false, "main"], [tr("Yes"), true, ""], [tr("Skip"), null, ""]];
    const pain = await choice(tr("Did any pain come during the session?"), null, answers);
    if (this.left) return;
    this.felt = { type: "felt", session: this.summary.session, after, pain };
    this.send();
    this.show();
  }

  send() {
    if (this.felt) this.line.order(this.felt);
  }

  thanked(told) {
    this.felt = null;
    const news = told.advice || told.problem !== this.summary.problem;
    Object.assign(this.summary, told);
    if (this.left) this.line.close();
    else if (news || this.waits) this.show();
  }

  show() {
    if (this.left) return;
    const { advice, ended, problem: unkept, results, session, text, worked } = this.summary;
    const well = ended === "finished" && worked;
    this.waits = this.felt !== null && !this.line.open;
    show(
      h("h1", {}, well ? tr("Well done for today") : tr("That was your session")),
      advice && h("p", { class: "advice", role: "alert" }, advice),
      this.waits && problem(tr(AWAY)),
      unkept && problem(unkept),
      h("p", { class: "lead" }, text),
      h("ul", { class: "results" }, results.map(result)),
      h("div", { class: "row" },
        h("a", { class: "button main", href: "#/" }, tr("Back to the beginning")),
        session && h("a", { class: "button", href: `/report/${session}` }, tr("The report")),
        h("a", { class: "button", href: "#/history" }, tr("History"))),
    );
  }

  leave() {
    this.left = true;
    if (!this.felt) this.line.close();
  }
}
