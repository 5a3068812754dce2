"""MADDPG in PyTorch, written for speed: `python3 stacked.py update <agents> <observation size> <batch> [--quick]` times an
update, and `python3 stacked.py train <episodes> <seed>` a whole training of simple_spread. Prints JSON.

The networks of all agents are one stack: a layer of all of them is one baddbmm, and one Adam moves the whole stack. All
agents take their steps together, from where the others were before the update. Training steps 100 environments at once, as
tensors, and updates all agents once for every 25 transitions.
"""

import json
import math
import statistics
import sys
import time

import torch
from machine import about
from spread import Spread

COPIES, STEPS, STEPS_PER_UPDATE, WARM_UP, BATCH = 100, 25, 25, 1024, 128
ACTION, HIDDEN, TAU, MAX_NORM = 2, 64, 0.01, 10.0
# Those of examples/cooperative-navigation.json, except that every agent has networks of its own.
GAMMA, ACTOR_RATE, CRITIC_RATE, NOISE = 0.8, 3e-4, 2e-3, 0.3


class Stack:
    """A network of two hidden layers for each agent, with its target network and its optimizer."""

    def __init__(self, agents, inputs, outputs, rate):
        self.parameters = []
        for fan_in, fan_out in ((inputs, HIDDEN), (HIDDEN, HIDDEN), (HIDDEN, outputs)):
            bound = 1 / math.sqrt(fan_in)
            for shape in ((agents, fan_in, fan_out), (agents, 1, fan_out)):
                self.parameters.append(torch.empty(shape).uniform_(-bound, bound).requires_grad_())
        self.target = [p.detach().clone() for p in self.parameters]
        self.optimizer = torch.optim.Adam(self.parameters, rate, foreach=True)

    def descend(self, loss):
        """A step for every agent. `loss` is the sum of all agents' losses: each depends on the agent's own network only."""
        gradients = torch.autograd.grad(loss, self.parameters)
        norms = sum(g.square().sum(dim=(1, 2)) for g in gradients).sqrt()  # one for each agent
        scale = (MAX_NORM / (norms + 1e-6)).clamp(max=1)[:, None, None]
        for parameter, gradient in zip(self.parameters, gradients):
            parameter.grad = gradient.mul_(scale)
        self.optimizer.step()

    def move_target(self):
        with torch.no_grad():
            torch._foreach_mul_(self.target, 1 - TAU)
            torch._foreach_add_(self.target, [p.detach() for p in self.parameters], alpha=TAU)


def forward(parameters, x):
    """[agents, batch, inputs] -> [agents, batch, outputs]"""
    w1, b1, w2, b2, w3, b3 = parameters
    x = torch.relu(torch.baddbmm(b1, x, w1))
    x = torch.relu(torch.baddbmm(b2, x, w2))
    return torch.baddbmm(b3, x, w3)


class Maddpg:
    def __init__(self, agents, observation):
        self.agents, self.observation = agents, observation
        self.actor = Stack(agents, observation, ACTION, ACTOR_RATE)
        self.critic = Stack(agents, agents * (observation + ACTION), 1, CRITIC_RATE)
        own = torch.eye(agents, dtype=torch.bool)[:, None, :, None]
        self.own = own.expand(-1, -1, -1, ACTION).reshape(agents, 1, agents * ACTION)
        self.widths = [agents * observation, agents * observation, agents * ACTION, agents]

    def act(self, observations):
        """[copies, agents, observation] -> [copies, agents, 2]"""
        with torch.no_grad():
            return torch.tanh(forward(self.actor.parameters, observations.transpose(0, 1))).transpose(0, 1)

    def update(self, rows):
        """A step of every critic and every actor from rows [batch, observations, next observations, actions, rewards]."""
        x, next_x, actions, rewards = rows.split(self.widths, dim=1)
        with torch.no_grad():
            next_actions = torch.tanh(forward(self.actor.target, self.by_agent(next_x)))
            next_q = forward(self.critic.target, self.for_all(torch.cat([next_x, joint(next_actions)], dim=1)))
            target = rewards.t()[:, :, None] + GAMMA * next_q

        q = forward(self.critic.parameters, self.for_all(torch.cat([x, actions], dim=1)))
        chosen = joint(torch.tanh(forward(self.actor.parameters, self.by_agent(x))))
        self.critic.descend((q - target).square().mean(dim=(1, 2)).sum())

        # Critic i sees the actions that all actors choose, and gradients flow back into actor i only.
        seen = torch.where(self.own, chosen, chosen.detach())
        inputs = torch.cat([self.for_all(x), seen], dim=2)
        value = forward([p.detach() for p in self.critic.parameters], inputs)
        self.actor.descend(-value.mean(dim=(1, 2)).sum())
        self.critic.move_target()
        self.actor.move_target()

    def by_agent(self, x):
        return x.view(len(x), self.agents, self.observation).transpose(0, 1)

    def for_all(self, x):
        return x.expand(self.agents, -1, -1)


def joint(actions):
    return actions.transpose(0, 1).flatten(1)


def time_updates(agents, observation, batch, quick):
    maddpg = Maddpg(agents, observation)
    rows = torch.randn(batch, sum(maddpg.widths))
    times = []
    end = time.perf_counter() + (0.3 if quick else 3)
    while time.perf_counter() < end or len(times) < 4:
        start = time.perf_counter()
        maddpg.update(rows)
        times.append((time.perf_counter() - start) * 1000)
    return {"value": statistics.median(times[len(times) // 4 :])}  # the first quarter warms up


def time_training(episodes):
    start = time.perf_counter()
    env = Spread(COPIES)
    maddpg = Maddpg(env.agents, env.observation_size)
    memory = torch.empty(episodes * STEPS, sum(maddpg.widths))
    count = 0
    while count < len(memory):
        observations = env.reset()
        for _ in range(STEPS):
            actions = maddpg.act(observations)
            actions = (actions + NOISE * torch.randn_like(actions)).clamp_(-1, 1)
            following, rewards = env.step(actions)
            parts = [observations.flatten(1), following.flatten(1), actions.flatten(1), rewards]
            memory[count : count + COPIES] = torch.cat(parts, dim=1)
            count += COPIES
            observations = following
            if count >= WARM_UP:
                for _ in range(COPIES // STEPS_PER_UPDATE):
                    maddpg.update(memory[torch.randint(count, (BATCH,))])
    value = (time.perf_counter() - start) * 1000
    return {"value": value, "meanReturn": evaluate(maddpg)}


def evaluate(maddpg, episodes=1000):
    env = Spread(episodes)
    observations, total = env.reset(), 0
    for _ in range(STEPS):
        observations, rewards = env.step(maddpg.act(observations))
        total += rewards.mean().item()
    return total


def main():
    mode, *numbers = [argument for argument in sys.argv[1:] if argument != "--quick"]
    numbers = [int(number) for number in numbers]
    torch.manual_seed(numbers[1] if mode == "train" else 1)
    quick = "--quick" in sys.argv
    measured = time_training(numbers[0]) if mode == "train" else time_updates(*numbers, quick)
    print(json.dumps({**measured, "unit": "ms", **about()}))


if __name__ == "__main__":
    main()
