A toy of one weekend: the only program that this person shows.

%% 2024-07-13 14:05 sam
A clock for high water
%% write README.md
# tide-clock

Shows how long it is until high water. Hangs in our kitchen.
%% write tide.py
"""Minutes until high water, from the last one: tides come every 12 hours and 25 minutes."""

from datetime import datetime, timedelta

EVERY = timedelta(hours=12, minutes=25)


def until(last: datetime, now: datetime) -> timedelta:
    return EVERY - (now - last) % EVERY


if __name__ == "__main__":
    print(until(datetime(2024, 7, 13, 3, 40), datetime.now()))

%% 2024-07-13 18:40 sam
Draw the hand
%% edit tide.py
-from datetime import datetime, timedelta
+import math
+from datetime import datetime, timedelta
@@
     return EVERY - (now - last) % EVERY
+
+
+def hand(left: timedelta) -> tuple[float, float]:
+    turn = 2 * math.pi * (1 - left / EVERY)
+    return math.sin(turn), -math.cos(turn)

%% 2024-07-14 10:15 sam
Typo
%% edit README.md
-Shows how long it is until high water. Hangs in our kitchen.
+Shows how long it is until the next high water. Hangs in our kitchen.
