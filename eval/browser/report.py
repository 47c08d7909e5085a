#!/usr/bin/env python3
"""Looks at the HTML report in a real browser: its filters, its keys, its accessibility, that it asks the network for
nothing and that no text of a case becomes markup; and takes screenshots of it.

    cargo test --test report -- --include-ignored        # writes report.html and report-5000.html to target/tmp
    python3 -m venv venv && venv/bin/pip install playwright
    apt-get install chromium fonts-noto-cjk
    npm install axe-core
    venv/bin/python eval/browser/report.py target/tmp --axe node_modules/axe-core/axe.min.js --shots shots

Exits with 1 and a list of what failed. Not a part of `cargo test`: it needs a browser.
"""

import argparse
import pathlib
import sys
import time

from playwright.sync_api import sync_playwright

failures = []


def check(what, got, wanted=True):
    if got != wanted:
        failures.append(f"{what}: {got!r}, not {wanted!r}")


def found(page):
    """How many results the status line says there are, once the filters have been applied."""
    page.wait_for_timeout(250)
    return int(page.locator("#found").inner_text().split(" ")[0].replace(",", ""))


def filters(page, url):
    page.goto(url)
    all_cases = found(page)
    check("all are found", all_cases, 120)
    check("50 are shown at first", page.locator("#list > li").count(), 50)

    verdicts = 0
    for box in page.locator("input[name=verdict]").all():
        label = box.locator("xpath=..").inner_text()
        box.check()
        count = found(page)
        verdicts += count
        check(f"as many as {label!r} says", f"({count})" in label)
        shown = set(page.locator("#list .badge").all_text_contents())
        check(f"only {label!r} is shown", {label.rsplit(" (", 1)[0]}, shown)
        box.uncheck()
    check("verdicts part all cases", verdicts, all_cases)

    for name in ["broken", "fixed", "flipped", "lucky", "ungrounded"]:
        box = page.locator(f"input[name=only][value={name}]")
        box.check()
        count = found(page)
        check(f"some are {name}", 0 < count < all_cases)
        check(f"each shown is marked {name}", page.locator("#list > li:has(.mark)").count(), min(count, 50))
        box.uncheck()

    for name, value in [("strategy", "frugal"), ("kind", "scalar"), ("lang", "ja"), ("tag", "<tag>"), ("difficulty", "5")]:
        page.select_option(f"select[name={name}]", value)
        check(f"some have {name} {value}", 0 < found(page) < all_cases)
        check(f"{name} stands in the address", f"{name}=" in page.url)
        page.select_option(f"select[name={name}]", "")
    check("all again", found(page), all_cases)

    page.fill("input[name=q]", "훔쳐  간")
    check("Korean text is found", found(page), 12)
    page.fill("input[name=q]", "BETWEEN 1200 missing")
    check("all words have to occur, in SQL and reason", 0 < found(page) < all_cases)
    page.fill("input[name=q]", "no such words")
    check("nothing", (found(page), page.locator("#list > li").count()), (0, 0))
    page.click("button[type=reset]")
    check("cleared", (found(page), "=" in page.url), (all_cases, False))

    page.select_option("select[name=sort]", "slow")
    found(page)
    times = [float(text.split(" ")[0]) for text in page.locator("#list .cost").all_text_contents()]
    check("slowest first", times, sorted(times, reverse=True))

    page.goto(f"{url}#verdict=wrong,abstained&strategy=offline")
    page.reload()
    shared = found(page)
    check("an address has its filters", page.locator("input[name=verdict]:checked").count(), 2)
    check("and they hold", set(page.locator("#list .badge").all_text_contents()) <= {"✗ wrong", "○ abstained"} and shared > 0)
    page.locator("#comparison li a").first.click()
    check("a case of the comparison is linked", 0 < found(page) <= 2)
    page.goto(url)
    page.locator("#slices-table a").first.click()
    check("a slice is linked to its cases", 0 < found(page) < all_cases)


def keys(page, url):
    """Everything can be had without a mouse."""
    page.goto(url)
    page.keyboard.press("Tab")
    check("the first stop skips to the cases", page.evaluate("document.activeElement.className"), "skip")
    page.keyboard.press("Enter")
    page.locator("#list summary").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    check("Enter opens a case", page.locator("#list details[open] .detail").count(), 1)
    page.locator("#more").focus()
    page.keyboard.press("Enter")
    check("more are shown", page.locator("#list > li").count(), 100)
    at = page.evaluate("[...document.querySelectorAll('#list summary')].indexOf(document.activeElement)")
    check("and the first of them has the focus", at, 50)


def breaking_out(page, url):
    page.goto(f"{url}#tag=hostile")
    found(page)
    for case in page.locator("#list details").all():
        case.locator("summary").click()
    check("the title is ours", page.title(), "askline evaluation")
    check("no text became an element", page.locator("#list b, #list script, #slices-table b").count(), 0)
    check("and all of it is shown", "</script><script>" in page.locator("#list .question").first.inner_text())


def differences(page, url):
    page.goto(f"{url}#case=sample/ko-events-000&strategy=offline")
    found(page)
    page.locator("#list summary").first.click()
    check("what only the gold says", page.locator("#list li").first.locator("del").all_text_contents(), ["BETWEEN"])
    rows = page.locator("#list li").first
    check("a row only in gold", "1033" in rows.locator("tr.gone").first.inner_text())
    check("a row only predicted", "1022" in rows.locator("tr.new").first.inner_text())


def accessible(page, url, axe, name):
    page.goto(url)
    found(page)
    for summary in page.locator("#list summary, #comparison details:not([open]) > summary, #versions > summary").all()[:12]:
        summary.click()
    page.evaluate(pathlib.Path(axe).read_text())
    result = page.evaluate("axe.run(document, {resultTypes: ['violations', 'incomplete']})")
    for violation in result["violations"]:
        nodes = ", ".join(node["target"][0] for node in violation["nodes"][:3])
        failures.append(f"axe ({name}): {violation['id']}: {violation['help']}: {nodes}")
    print(f"axe {name}: {len(result['passes'])} rules passed, {len(result['violations'])} violated, "
          f"{[entry['id'] for entry in result['incomplete']]} for people to look at")


def large(page, url):
    began = time.monotonic()
    page.goto(url)
    count = found(page)
    ready = time.monotonic() - began
    began = time.monotonic()
    page.fill("input[name=q]", "도난 27분")
    hits = found(page)
    print(f"{count} results: ready in {ready:.2f} s, {hits} of them by text in {time.monotonic() - began:.2f} s")
    check("many cases are ready soon", ready < 5)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=pathlib.Path)
    options.add_argument("--axe")
    options.add_argument("--shots", type=pathlib.Path)
    options.add_argument("--chromium", default="/usr/bin/chromium")
    options = options.parse_args()
    url = (options.folder / "report.html").resolve().as_uri()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("pageerror", lambda error: failures.append(f"script: {error}"))
        page.on("console", lambda said: failures.append(f"console: {said.text}") if said.type == "error" else None)
        page.on("request", lambda asked: None if asked.url.startswith("file:") else failures.append(f"network: {asked.url}"))
        for test in [filters, keys, breaking_out, differences]:
            test(page, url)
        if (options.folder / "report-5000.html").exists():
            large(page, (options.folder / "report-5000.html").resolve().as_uri())
        for width, name in [(390, "phone"), (1280, "desktop")]:
            for scheme in ["light", "dark"]:
                context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
                page = context.new_page()
                if options.axe:
                    accessible(page, url, options.axe, f"{name} {scheme}")
                wide = page.evaluate("document.documentElement.scrollWidth")
                page.goto(url)
                wide = max(wide, page.evaluate("document.documentElement.scrollWidth"))
                check(f"nothing is wider than the {name}", wide <= width)
                if options.shots:
                    options.shots.mkdir(parents=True, exist_ok=True)
                    page.wait_for_timeout(200)
                    page.screenshot(path=options.shots / f"{name}-{scheme}.png", full_page=True)
                    page.goto(f"{url}#case=sample/ko-events-000&strategy=offline")
                    page.reload()
                    page.locator("#list summary").first.click()
                    page.locator("#cases").screenshot(path=options.shots / f"{name}-{scheme}-case.png")
                context.close()
        browser.close()
    print("\n".join(failures) or "all as it should be")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
