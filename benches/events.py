"""Events for measuring, as CSV: python3 events.py COUNT. A thousand a video; descriptions are put together from parts, so
that most differ and words come again as they do in what people write."""
import random
import sys

random.seed(1)
WHO = ["검은 외투를 입은 남자", "빨간 모자를 쓴 여자", "교복을 입은 학생", "지팡이를 짚은 노인", "배달 기사", "제복을 입은 경비원",
       "a man in a grey hoodie", "a woman with a stroller", "an elderly couple", "two teenagers", "a courier", "a cleaner"]
DOES = ["진열대 앞을 서성인다", "가방을 내려놓고 전화를 건다", "문을 열고 들어온다", "바닥에 주저앉는다", "물건을 집어 주머니에 넣는다",
        "유리문을 발로 찬다", "picks up a bottle and reads its label", "walks past the counter", "argues with somebody",
        "leaves without paying", "waits by the lift", "takes a photo of the shelf"]
WHERE = ["계산대 옆에서", "입구 근처에서", "왼쪽 통로에서", "near the fridge", "by the exit", "in the corner"]
EXTRA = ["우산을 들고 있다.", "가방에 노란 리본이 달려 있다.", "Holding a paper cup.", "The left arm is in a sling.", "", "", ""]
KINDS = ["walking", "standing", "theft", "loitering", "picking", "person_enter", "person_exit", "interaction"]
COLOURS = ["하얀", "파란", "초록", "보라", "white", "blue", "green", "purple", "yellow", "orange"]

print("video_id,timestamp,event_type,gender,confidence,description")
for n in range(int(sys.argv[1])):
    words = [random.choice(COLOURS), random.choice(WHO), random.choice(WHERE), random.choice(DOES) + ".", random.choice(EXTRA)]
    text = " ".join(word for word in words if word) + f" {random.randrange(100000)}"
    print(f'{n // 1000 + 1},{n % 1000 * 7.1:.1f},{random.choice(KINDS)},{random.choice(["male", "female", ""])},0.9,"{text}"')
