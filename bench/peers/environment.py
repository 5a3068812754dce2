"""Times a step of simple_spread in Python: python3 environment.py [--quick]. Prints JSON. Needs mpe2."""

import json
import platform
import sys
import time
from importlib.metadata import version

from mpe2 import simple_spread_v3


def main():
    env = simple_spread_v3.parallel_env(continuous_actions=True)
    env.reset(seed=1)
    actions = {agent: env.action_space(agent).sample() for agent in env.possible_agents}
    steps, start = 0, time.perf_counter()
    end = start + (0.3 if "--quick" in sys.argv else 3)
    while time.perf_counter() < end:
        if not env.agents:
            env.reset()
        env.step(actions)
        steps += 1
    value = (time.perf_counter() - start) * 1000 / steps
    runtime = f"Python {platform.python_version()}, mpe2 {version('mpe2')}"
    print(json.dumps({"value": value, "unit": "ms", "runtime": runtime, "kernels": ""}))


main()
