#!/usr/bin/env python3
"""scenes*.txt, *queries.txt and absent.txt -> videos.csv, events.csv and eval/retrieval/*.yaml. Run it where it stands."""
import csv, hashlib, pathlib, random, re

HERE = pathlib.Path(__file__).parent
SUITES = HERE / "../../eval/retrieval"
SEEN = {"p": 901, "h": 902, "a": 903, "b": 904}
UNSEEN = {"c": 911, "t": 912, "s": 913, "d": 914}
VIDEOS = SEEN | UNSEEN
random.seed(5)


def lines(name):
    for line in (HERE / name).read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            yield [cell.strip() for cell in line.split("|")]


events, ids = [], {}
scenes = list(lines("scenes.txt")) + list(lines("unseen-scenes.txt"))
for video in VIDEOS.values():
    own = [scene for scene in scenes if VIDEOS[scene[0][0]] == video]
    random.shuffle(own)
    clock = 12.0
    for scene in own:
        key, kind, gender, age, place, action, text = scene
        row = {
            "id": 0, "video_id": video, "timestamp": round(clock, 1), "duration": random.choice([2, 4, 8, 15, 30]),
            "event_type": kind, "action_detected": action, "location": place,
            "area": random.choice(["left", "center", "right", ""]), "age": age,
            "gender": {"m": "male", "f": "female"}.get(gender, ""), "obj_id": "" if key in ("p05",) else len(events) % 90 + 1,
            "confidence": round(random.uniform(0.6, 0.99), 3), "description": text, "attributes": "{}",
        }
        events.append((key, row))
        clock += random.uniform(8, 30)
        # Somebody passes, and nothing is said of it: what a search has to leave behind.
        if random.random() < 0.12:
            events.append((None, {**row, "timestamp": round(clock - 3, 1), "event_type": "walking", "action_detected": "",
                                  "age": "", "gender": "", "obj_id": "", "description": ""}))
for number, (key, row) in enumerate(events, 900_001):
    row["id"] = number
    if key:
        ids[key] = number

with open(HERE / "events.csv", "w", newline="") as out:
    writer = csv.DictWriter(out, fieldnames=list(events[0][1]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for _, row in events)
(HERE / "videos.csv").write_text(
    "video_id,name,filename,duration,recorded_at,timezone\n"
    "901,강변공원 남쪽,park_south.mp4,3600,2026-05-05T11:00:00+09:00,Asia/Seoul\n"
    "902,시립병원 1층,hospital_gf.mp4,3600,2026-05-06T09:30:00+09:00,Asia/Seoul\n"
    "903,푸른마을 단지,flats_gate.mp4,3600,2026-05-07T08:00:00+09:00,Asia/Seoul\n"
    "904,쇼핑몰 통로,mall_aisle.mp4,4800,2026-05-07T13:00:00+09:00,Asia/Seoul\n"
    "911,지하 주차장,car_park.mp4,3600,2026-05-08T18:00:00+09:00,Asia/Seoul\n"
    "912,중앙역,station.mp4,3600,2026-05-09T07:00:00+09:00,Asia/Seoul\n"
    "913,초록학교,school.mp4,3600,2026-05-11T08:30:00+09:00,Asia/Seoul\n"
    "914,환승센터,transfer.mp4,4800,2026-05-12T08:30:00+09:00,Asia/Seoul\n"
)

language = {scene[0]: "ko" if re.search("[가-힣]", scene[6]) else "en" for scene in scenes}


def half(text):
    return "fit" if hashlib.sha256(text.encode()).digest()[0] % 2 else "held"


def case(number, prompt, lang, video, answer, tags):
    return [f"- id: {number}", f'  prompt: "{prompt}"', f"  lang: {lang}", f"  video_id: {video}", *answer,
            f"  tags: [{', '.join(tags)}]", ""]


def suite(name, letter, queries, halves):
    """Halves by scene, not by question: what was fitted on knows no scene of the held half."""
    out = [f"# Made by datasets/retrieval/make.py, which see: load videos.csv and events.csv of that folder and index them.", ""]
    for number, (lang, text, found, *kind) in enumerate(lines(queries), 1):
        grades = {}
        for one in found.split(","):
            key, _, grade = one.strip().partition(":")
            grades[key] = int(grade or 2)
        first = next(iter(grades))
        graded = ", ".join(f"{ids[key]}: {grade}" for key, grade in grades.items())
        tags = [f"{lang}-{language[first]}", kind[0] if kind else "para", halves(first)]
        answer = ["  kind: semantic", f"  relevant: {{{graded}}}"]
        out += case(f"{letter}-{number:03}", text, lang, VIDEOS[first[0]], answer, tags)
    for number, (lang, text, video) in enumerate(lines("absent.txt"), 1):
        if (video in UNSEEN) == (halves is unseen):
            tags = ["absent", halves(text)]
            out += case(f"{letter}-absent-{number:03}", text, lang, VIDEOS[video], ["  kind: abstain"], tags)
    (SUITES / name).write_text("\n".join(out))
    print(name, sum(1 for line in out if line.startswith("- id")), "questions")


def unseen(_):
    return "unseen"


suite("retrieval.yaml", "r", "queries.txt", half)
suite("unseen.yaml", "u", "unseen-queries.txt", unseen)
print(len(events), "events")
