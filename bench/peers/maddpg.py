"""Times MADDPG in PyTorch: python3 maddpg.py <naive|frozen|act> <agents> <observation size> <batch> [--quick].

naive   the update as it is usually written: every agent computes all actions again, those of the target actors, too, and
        the actor's loss also computes the gradients of the critic's weights, which are not needed
frozen  the target actors' actions are computed once for all agents, and the critic's weights are frozen in the actor's step
act     no update: all agents choose an action from one observation each, from NumPy and back, as a training loop does at
        each environment step

OMP_NUM_THREADS and OPENBLAS_NUM_THREADS set the number of threads. Prints JSON.
"""

import copy
import json
import statistics
import sys
import time

import torch
from machine import about
from torch import nn

ACTION, HIDDEN, GAMMA, TAU, RATE, MAX_NORM = 2, 64, 0.99, 0.01, 1e-3, 10.0


def mlp(inputs, outputs, *last):
    return nn.Sequential(
        nn.Linear(inputs, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, outputs), *last
    )


class Agent:
    def __init__(self, agents, observation):
        self.actor = mlp(observation, ACTION, nn.Tanh())
        self.critic = mlp(agents * (observation + ACTION), 1)
        self.target_actor = copy.deepcopy(self.actor)
        self.target_critic = copy.deepcopy(self.critic)
        self.actor_optimizer = torch.optim.Adam(self.actor.parameters(), lr=RATE)
        self.critic_optimizer = torch.optim.Adam(self.critic.parameters(), lr=RATE)


def update(agents, batch, frozen):
    observations, actions, rewards, next_observations, terminations = batch
    next_actions = target_actions(agents, next_observations) if frozen else None
    for i, agent in enumerate(agents):
        with torch.no_grad():
            following = next_actions if frozen else target_actions(agents, next_observations)
            next_q = agent.target_critic(torch.cat([*next_observations, *following], dim=1))
            target = rewards[i] + GAMMA * (1 - terminations[i]) * next_q
        agent.critic_optimizer.zero_grad()
        q = agent.critic(torch.cat([*observations, *actions], dim=1))
        critic_loss = nn.functional.mse_loss(q, target)
        critic_loss.backward()
        nn.utils.clip_grad_norm_(agent.critic.parameters(), MAX_NORM)
        agent.critic_optimizer.step()

        if frozen:
            agent.critic.requires_grad_(False)
        agent.actor_optimizer.zero_grad()
        chosen = [a.actor(o) if j == i else a.actor(o).detach() for j, (a, o) in enumerate(zip(agents, observations))]
        actor_loss = -agent.critic(torch.cat([*observations, *chosen], dim=1)).mean()
        actor_loss.backward()
        nn.utils.clip_grad_norm_(agent.actor.parameters(), MAX_NORM)
        agent.actor_optimizer.step()
        if frozen:
            agent.critic.requires_grad_(True)

    for agent in agents:
        move_towards(agent.target_actor, agent.actor)
        move_towards(agent.target_critic, agent.critic)


def act(agents, observations):
    with torch.no_grad():
        return [agent.actor(torch.from_numpy(o)).numpy() for agent, o in zip(agents, observations)]


def target_actions(agents, next_observations):
    with torch.no_grad():
        return [agent.target_actor(o) for agent, o in zip(agents, next_observations)]


def move_towards(target, source):
    with torch.no_grad():
        for t, s in zip(target.parameters(), source.parameters()):
            t.copy_(TAU * s + (1 - TAU) * t)


def main():
    variant = sys.argv[1]
    agents, observation, size = (int(argument) for argument in sys.argv[2:5])
    quick = "--quick" in sys.argv
    torch.manual_seed(1)
    learners = [Agent(agents, observation) for _ in range(agents)]
    batch = (
        [torch.randn(size, observation) for _ in range(agents)],
        [torch.rand(size, ACTION) * 2 - 1 for _ in range(agents)],
        [torch.randn(size, 1) for _ in range(agents)],
        [torch.randn(size, observation) for _ in range(agents)],
        [torch.zeros(size, 1) for _ in range(agents)],
    )
    rows = [o[:1].numpy() for o in batch[0]]
    times = []
    end = time.perf_counter() + (0.3 if quick else 3)
    while time.perf_counter() < end or len(times) < 4:
        start = time.perf_counter()
        if variant == "act":
            act(learners, rows)
        else:
            update(learners, batch, variant == "frozen")
        times.append((time.perf_counter() - start) * 1000)
    print(
        json.dumps(
            {
                "value": statistics.median(times[len(times) // 4 :]),  # the first quarter warms up
                "unit": "ms",
                **about(),
            }
        )
    )


main()
