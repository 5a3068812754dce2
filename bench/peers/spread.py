"""simple_spread for many copies at once, as tensors: the rules of docs/physics.md (those of mpe2), without pictures."""

import torch

SIZE, SENSITIVITY, DT, DAMPING, FORCE, MARGIN = 0.15, 5.0, 0.1, 0.25, 100.0, 0.001


class Spread:
    def __init__(self, copies, agents=3):
        self.copies, self.agents = copies, agents
        self.observation_size = 6 * agents
        self.others = torch.tensor([[j for j in range(agents) if j != i] for i in range(agents)])
        self.itself = torch.eye(agents, dtype=torch.bool)

    def reset(self):
        """Returns observations [copies, agents, observation size]."""
        self.position = torch.rand(self.copies, self.agents, 2) * 2 - 1
        self.velocity = torch.zeros(self.copies, self.agents, 2)
        self.landmarks = torch.rand(self.copies, self.agents, 2) * 2 - 1
        return self.observe()

    def observe(self):
        copies, agents, position = self.copies, self.agents, self.position
        to_landmarks = self.landmarks[:, None] - position[:, :, None]
        to_others = position[:, self.others] - position[:, :, None]
        silence = torch.zeros(copies, agents, 2 * (agents - 1))
        parts = [to_landmarks.reshape(copies, agents, -1), to_others.reshape(copies, agents, -1), silence]
        return torch.cat([self.velocity, position, *parts], dim=2)

    def step(self, actions):
        """Takes forces [copies, agents, 2] between -1 and 1. Returns observations, and rewards [copies, agents]."""
        apart = self.position[:, :, None] - self.position[:, None]
        distance = apart.norm(dim=3).masked_fill(self.itself, 1)
        push = FORCE * MARGIN * torch.nn.functional.softplus((2 * SIZE - distance) / MARGIN)
        push = (push / distance).masked_fill(self.itself, 0)
        force = SENSITIVITY * actions + (apart * push[..., None]).sum(dim=2)
        self.position = self.position + self.velocity * DT
        self.velocity = self.velocity * (1 - DAMPING) + force * DT
        return self.observe(), self.rewards()

    def rewards(self):
        to_landmarks = (self.position[:, :, None] - self.landmarks[:, None]).norm(dim=3)
        coverage = -to_landmarks.amin(dim=1).sum(dim=1, keepdim=True)
        apart = (self.position[:, :, None] - self.position[:, None]).norm(dim=3)
        collisions = ((apart < 2 * SIZE) & ~self.itself).sum(dim=2)
        return 0.5 * coverage - 0.5 * collisions
