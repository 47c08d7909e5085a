#!/usr/bin/env python3
"""scenes.txt and queries.txt -> videos.csv, events.csv and eval/retrieval/retrieval.yaml. Run it where it stands."""
import csv, hashlib, pathlib, random, re

HERE = pathlib.Path(__file__).parent
VIDEOS = {"p": 901, "h": 902}
random.seed(5)


def lines(name):
    for line in (HERE / name).read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            yield [cell.strip() for cell in line.split("|")]


events, ids = [], {}
scenes = list(lines("scenes.txt"))
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
)

language = {scene[0]: "ko" if re.search("[가-힣]", scene[6]) else "en" for scene in scenes}
suite = ["# Questions that only descriptions answer, about datasets/retrieval: load both files of it, run `askline index`, then",
         "# `askline eval run eval/retrieval/retrieval.yaml`. Made by datasets/retrieval/make.py. Half of them (tag fit) were used to fit",
         "# the weights, the other half (tag held) was not.", ""]
for number, (lang, text, found) in enumerate(lines("queries.txt"), 1):
    grades = {}
    for one in found.split(","):
        key, _, grade = one.strip().partition(":")
        grades[key] = int(grade or 2)
    target = language[next(iter(grades))]
    way = f"{lang}-{target}"
    graded = ", ".join(f"{ids[key]}: {grade}" for key, grade in grades.items())
    video = VIDEOS[next(iter(grades))[0]]
    suite += [f"- id: r-{number:03}", f'  prompt: "{text}"', f"  lang: {lang}", f"  video_id: {video}", "  kind: semantic",
              f"  relevant: {{{graded}}}", f"  tags: [{way}, {'fit' if hashlib.sha256(text.encode()).digest()[0] % 2 else 'held'}]", ""]
(HERE / "../../eval/retrieval/retrieval.yaml").write_text("\n".join(suite))
print(len(events), "events", sum(1 for line in suite if line.startswith("- id")), "questions")
