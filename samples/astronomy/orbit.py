"""The orbit of a planet by Newton's law of gravity, integrated with the leapfrog method."""

import math

GRAVITY_OF_SUN = 4 * math.pi ** 2  # AU^3 / year^2


def acceleration(x, y):
    """Acceleration towards a sun at the origin, in AU per year squared."""
    distance = math.hypot(x, y)
    return -GRAVITY_OF_SUN * x / distance ** 3, -GRAVITY_OF_SUN * y / distance ** 3


def orbit(x, y, speed_x, speed_y, step, count):
    """Positions of a planet after each of `count` steps of `step` years."""
    ax, ay = acceleration(x, y)
    for _ in range(count):
        speed_x, speed_y = speed_x + ax * step / 2, speed_y + ay * step / 2
        x, y = x + speed_x * step, y + speed_y * step
        ax, ay = acceleration(x, y)
        speed_x, speed_y = speed_x + ax * step / 2, speed_y + ay * step / 2
        yield x, y


if __name__ == "__main__":
    for day, (x, y) in enumerate(orbit(1, 0, 0, 2 * math.pi, 1 / 365.25, 366)):
        if day % 30 == 0:
            print(f"day {day:3}: {x:6.3f} {y:6.3f} AU")
