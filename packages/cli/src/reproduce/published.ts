/** What others published, and how to compare it. */
export const PUBLISHED = `
## Against published numbers

Others report the same episodes in other ways. For simple_spread with three agents and 25 steps, m is the mean return of an agent in the
current reference, which is what this page reports:

| who                                    | what is reported                                                        | value      |
| -------------------------------------- | ----------------------------------------------------------------------- | ---------- |
| MPE2, JaxMARL, this page               | the return of an agent                                                  | m          |
| PettingZoo up to 1.22.3, HARL          | the sum over the agents. Each of them also collides with itself         | 3 m - 37.5 |
| OpenAI's environment, EPyMARL, MAPPO's | the return of an agent, to which the rewards of all agents are added up | 6 m - 75   |
| the log of openai/maddpg               | the same, summed over the agents once more                              | 18 m - 225 |

The motion changed, too: HARL, EPyMARL and MAPPO's code have that of the original, in which agents react one step earlier
([two physics](physics.md)). There scripted players reach -4.7 instead of -5.9. So the numbers in the next table are easier to reach than
those above, and a difference below about 1 says nothing.

| what                     | steps | reported             |     m | source                                      |
| ------------------------ | ----: | -------------------- | ----: | ------------------------------------------- |
| MAPPO, discrete          |  10 M | -57.5, from a figure |  -6.7 | [HARL](https://arxiv.org/abs/2304.09870)    |
| MATD3, HATD3, continuous |   5 M | -63, from a figure   |  -8.5 | [HARL](https://arxiv.org/abs/2304.09870)    |
| MADDPG, continuous       |   5 M | -65, from a figure   |  -9.2 | [HARL](https://arxiv.org/abs/2304.09870)    |
| QMIX, discrete           |     - | -126.6               |  -8.6 | [EPyMARL](https://arxiv.org/abs/2006.07869) |
| IQL, discrete            |     - | -132.6               |  -9.6 | [EPyMARL](https://arxiv.org/abs/2006.07869) |
| MADDPG, discrete         |     - | -141.7               | -11.1 | [EPyMARL](https://arxiv.org/abs/2006.07869) |
`;
