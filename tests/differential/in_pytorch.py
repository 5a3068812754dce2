"""Runs random programs in PyTorch: reads one program a line, as JSON, and writes one answer a line.

python3 in_pytorch.py ROUNDS: how often each program is rounded at random (see below).

An answer has, in base64, all numbers of all tensors that are compared, in float64 and in float32; the lengths of these
tensors; and for each of them how much it changes if every result of an op that is not exact in float32 is rounded up
or down at random. Such an error cannot be avoided in float32, so differences are measured by it. A sum has an error
of the size that its terms give it: in float32, 1e9 - 1e9 + 3 is 3 in one order, and 0 in another.
"""
import base64
import json
import math
import sys

import torch
import torch.nn.functional as F

torch.set_num_threads(1)

# ---- What Paragrad does differently, on purpose. docs/ops.md, "Special values", says the same. ----

choose = torch.where

# ---- Rounding at random ----

# Draws the errors. None: everything is computed as PyTorch does.
GENERATOR = None


def noise(size, inexact=False):
    """An error of a number of this size in float32: up, down or none. 0 if the size is exact in float32, unless the number is not."""
    size = size.detach().abs()
    if GENERATOR is None:
        return torch.zeros_like(size)
    inexact = (inexact | (size.float().double() != size)) & size.isfinite()
    up_or_down = torch.randint(-1, 2, size.shape, generator=GENERATOR).to(size.dtype)
    return torch.where(inexact, up_or_down * size * 2.0**-23, torch.zeros_like(size))


def rounded(y, inexact=False):
    """y as float32 could have it: one of the nearest three numbers there. What is exact in float32 stays: so do ties."""
    exact = y.detach()
    rough = exact + noise(exact, inexact)
    single = rough.float().double()
    rough = torch.where((single.abs() > 1e-37) & single.isfinite() & (rough != exact), single, rough)
    return y * torch.where((exact == 0) | ~exact.isfinite(), torch.ones_like(exact), rough / exact)


def step(y):
    """A result on the way: rounded, and so is its gradient."""
    if GENERATOR is not None:
        y = rounded(y)
        if y.requires_grad:
            y.register_hook(lambda dy: dy if dy is None else rounded(dy))
    return y


def part(x, inexact):
    """x as an operand. What this op adds to its gradient is rounded; it is a term of a sum, if other ops use x, too."""
    if GENERATOR is not None and x.requires_grad:
        x = x * 1
        x.register_hook(lambda dx: dx if dx is None else rounded(dx, inexact))
    return x


def sums(f, *x):
    """f(*x), which adds products of its operands, with an error of the size of its terms.

    So are its gradients, and the gradients of these: they are sums of products, too. Their sizes are what the same
    function gives for absolute values.
    """
    if GENERATOR is None:
        return f(*x)
    sizes = [y.detach().abs().requires_grad_() for y in x]
    with torch.enable_grad():
        size = f(*sizes)
    all_sizes = torch.cat([y.reshape(-1) for y in sizes]).detach()
    all_sizes = all_sizes[(all_sizes > 0) & all_sizes.isfinite()]
    # Numbers that differ so much can be lost beside each other, in float64, too.
    inexact = len(all_sizes) > 0 and bool(all_sizes.max() / all_sizes.min() > 2**24)
    dz, ddx = [], {}  # sizes: of the gradients of z, in each pass; of what comes back to the gradients of x in the second

    def grad(y, x, dy):
        found = torch.autograd.grad(y, x, dy, create_graph=True, allow_unused=True)[0] if y.requires_grad else None
        return torch.zeros_like(x) if found is None else found

    def of_gradient(k):
        def hook(dx):
            with torch.enable_grad():
                total = grad(size, sizes[k], dz[-1])
                for j, back in ddx.items():
                    total = total + grad(grad(size, sizes[j], dz[0]), sizes[k], back)
            if len(dz) == 1 and not ddx and dx.requires_grad:
                dx.register_hook(lambda back: ddx.update({k: back.detach().abs()}))
            return dx + noise(total, inexact)

        return hook

    def of_result(given):
        dz.append(given.detach().abs().requires_grad_())
        if len(dz) == 1 and given.requires_grad:
            given = given * 1
            given.register_hook(of_back)
            return given

    def of_back(back):
        with torch.enable_grad():
            parts = [grad(grad(size, sizes[j], dz[0]), dz[0], ddx[j]) for j in ddx]
        return back + noise(sum(parts, torch.zeros_like(back)), inexact)

    x = [y * 1 for y in x]
    for k, y in enumerate(x):
        if y.requires_grad:
            y.register_hook(of_gradient(k))
    z = f(*x)
    if z.requires_grad:
        z.register_hook(of_result)
    return z + noise(size, inexact)


def total(x, dim, keepdim=False):
    return sums(lambda x: x.sum(dim, keepdim=keepdim), x)


def average(x, dim, keepdim=False):
    return sums(lambda x: x.mean(dim, keepdim=keepdim), x)


def softmax(x, dim):
    if GENERATOR is None:
        return x.softmax(dim)
    y = step((x - x.detach().amax(dim, keepdim=True)).exp())
    return step(y / step(total(y, dim, True)))


def log_softmax(x, dim):
    if GENERATOR is None:
        return x.log_softmax(dim)
    y = step(x - x.detach().amax(dim, keepdim=True))
    return step(y - step(total(step(y.exp()), dim, True).log()))


# What has happened in a program: "pow" makes its second gradients a matter of convention (see pow_). "range" means that in
# float32 the order of the factors decides whether a product overflows or becomes 0 on the way.
UNSURE = set()


class Chosen(torch.autograd.Function):
    """y, whose gradient with respect to x is dy * slope where the slope is not 0, and else 0, whatever dy is."""

    @staticmethod
    def forward(ctx, x, y, slope):
        ctx.slope = slope
        return y.clone()

    @staticmethod
    def backward(ctx, dy):
        return choose(ctx.slope != 0, dy * ctx.slope, torch.zeros_like(dy)), None, None


def sign(x):
    """NaN at NaN, and no gradient. PyTorch: 0, and a gradient of 0, which can become NaN on its way on."""
    return choose(x.isnan(), x, torch.sign(x)).detach()


def abs_(x):
    """The gradient is 0 at 0, even if dy is infinite, and NaN at NaN. PyTorch: dy * 0."""
    return Chosen.apply(x, x.detach().abs(), sign(x.detach()))


def amax(x, dim, keepdim):
    """What is not the maximum gets the gradient 0, even if dy is infinite. PyTorch: dy * 0."""
    y = x.detach().amax(dim, keepdim=True)
    mask = (x.detach() == y).to(x.dtype)
    z = Chosen.apply(x, choose(mask != 0, x.detach(), torch.zeros_like(mask)), mask / mask.sum(dim, keepdim=True))
    return ValueOf.apply(z.sum(dim, keepdim=keepdim), x.detach().amax(dim, keepdim=keepdim))


class ValueOf(torch.autograd.Function):
    """y, with the gradient of x."""

    @staticmethod
    def forward(ctx, x, y):
        return y.clone()

    @staticmethod
    def backward(ctx, dy):
        return dy, None


def leaky_relu(x, slope):
    """With the slope 0, 0 even if dy is infinite. PyTorch: dy * 0."""
    y = F.leaky_relu(x.detach(), slope)
    return Chosen.apply(x, y, choose(x.detach() > 0, torch.ones_like(y), torch.full_like(y, slope)))


def expm1(x):
    """The gradient is e^x. PyTorch: y + 1, which has few digits for x < 0, and none below -37."""
    return ValueOf.apply(x.exp(), x.detach().expm1())


def elu(x, alpha):
    """At 0 the second gradient is that from the left, as the first one is. PyTorch: 0."""
    return choose(x <= 0, alpha * expm1(choose(x <= 0, x, torch.zeros_like(x))), x)


def norm(x, dim, keepdim):
    """Where the norm is 0, the second gradient is 0, too. PyTorch: NaN."""
    zero = x.detach().norm(2, dim, keepdim=True) == 0
    y = choose(zero, torch.ones_like(x), x)
    y = y.norm(2, dim, keepdim=True) if GENERATOR is None else total(step(y.square()), dim, True).sqrt()
    y = choose(zero, torch.zeros_like(y), y)
    return y if keepdim else y.reshape(x.detach().amax(dim).shape)


def gelu(x, approximate):
    """With tanh, the gradients are 0 where 1 + tanh is, below -8. PyTorch: the second gradient is not."""
    if approximate == "none":
        return F.gelu(x)
    curve = (math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)).tanh()
    return ValueOf.apply(0.5 * x * (1 + curve), F.gelu(x.detach(), approximate="tanh"))


def softplus(x, beta, threshold):
    """At the threshold the second gradient is that from below, as the first one is. PyTorch: 0."""
    above = x * beta > threshold
    return choose(above, x, choose(above, torch.zeros_like(x), x * beta).exp().log1p() / beta)


def variance(x, dim, unbiased, keepdim):
    if GENERATOR is None:
        return x.var(dim, unbiased, keepdim)
    y = total(step(step(x - average(x, dim, True)).square()), dim, keepdim)
    return y * (y.numel() / x.numel()) if not unbiased else y / (x.numel() / y.numel() - 1 or math.nan)


def std(x, dim, unbiased, keepdim):
    """Where it is 0, the second gradient is 0, too. PyTorch: NaN."""
    y = step(variance(x, dim, unbiased, keepdim))
    zero = y.detach() == 0
    return choose(zero, torch.zeros_like(y), choose(zero, torch.ones_like(y), y).sqrt())


def prod(x, dim, keepdim):
    """The gradient is dy times the product of the others. PyTorch divides the product by x: NaN if it is infinite."""
    kept = [1 if axis in dim else n for axis, n in enumerate(x.shape)]
    flat = x.permute([axis for axis in range(x.dim()) if axis not in dim] + list(dim)).flatten(-len(dim))
    sizes = flat.detach().abs().double()
    if (sizes.clamp(1).prod(-1) > 1e38).any() or (choose(sizes == 0, 1.0, sizes.clamp(None, 1)).prod(-1) < 1e-37).any():
        UNSURE.add("range")
    y = flat[..., 0]
    for k in range(1, flat.shape[-1]):
        y = y * flat[..., k]
    return y.reshape(kept) if keepdim else y * 1


def pow_(a, b):
    """At a = 0 and b >= 0 the gradient of b is 0, and so is its gradient. PyTorch: NaN; also where dy is infinite.

    The second gradients at a = 0 are a matter of convention, and not compared. At b = 0 the gradient of a depends on b. In PyTorch it is a constant there.
    """
    a, b = torch.broadcast_tensors(a, b)
    a = Constant.apply(a, b == 0)
    if (a == 0).any():
        UNSURE.add("pow")
    flat = (a == 0) & (b >= 0)
    safe = choose(flat, torch.ones_like(a), a)
    one = (b == 0) & (a > 0) & a.isfinite()
    y = choose(one, (choose(one, a, torch.ones_like(a)).log() * choose(one, b, torch.zeros_like(b))).exp(), safe.pow(b))
    return choose(flat, choose(flat, a, torch.ones_like(a)).pow(b.detach()), y)


class Constant(torch.autograd.Function):
    """x, whose gradient is 0 instead of NaN where the mask is 1."""

    @staticmethod
    def forward(ctx, x, mask):
        ctx.mask = mask
        return x.clone()

    @staticmethod
    def backward(ctx, dx):
        return choose(ctx.mask & dx.isnan(), torch.zeros_like(dx), dx), None


def logsumexp(x, dim, keepdim):
    """An infinite result has the gradient NaN. PyTorch: 0 for what is finite in x."""
    y = x.logsumexp(dim, keepdim=keepdim)
    return Chosen.apply(y, y.detach(), choose(y.isfinite(), torch.ones_like(y), torch.full_like(y, math.nan)))


def attention(q, k, v, mask):
    """A query that may attend to nothing gets zeros. PyTorch: NaN."""
    scores = step(sums(torch.matmul, q, k.transpose(-2, -1)) / math.sqrt(q.shape[-1]))
    if mask is None:
        weights = softmax(scores, -1)
        return sums(torch.matmul, weights, v), weights
    hidden = mask != 0
    low = choose(hidden.all(-1, keepdim=True), 0.0, -math.inf).to(scores.dtype)
    weights = softmax(choose(hidden, low.expand_as(scores), scores), -1)
    weights = step(choose(hidden, torch.zeros_like(weights), weights))
    return sums(torch.matmul, weights, v), weights


class Huber(torch.autograd.Function):
    """At the bend the second gradient is that from the inside, where the first one is. PyTorch: 0."""

    @staticmethod
    def forward(ctx, d, bend):
        ctx.save_for_backward(d)
        ctx.bend = bend
        return F.huber_loss(d, torch.zeros_like(d), reduction="none", delta=bend)

    @staticmethod
    def backward(ctx, dy):
        return dy * ctx.saved_tensors[0].clamp(-ctx.bend, ctx.bend), None


def affine(y, shape, weight, bias):
    """Weight and bias come last. PyTorch multiplies the weight by other numbers first: with an infinite one, NaN."""
    return y * weight.reshape(shape) + bias.reshape(shape)


def standardize(x, dim, eps, f):
    """f(x). 0 where x is the mean. In PyTorch it can be 1e-17 there, because its mean of -1, 0 and 1 is not 0."""
    if GENERATOR is None:
        y = f(x)
        return y - choose(x.detach() == x.detach().mean(dim, keepdim=True), y.detach(), torch.zeros_like(y))
    y = step(x - average(x, dim, True))
    return step(y / step((average(step(y.square()), dim, True) + eps).sqrt()))


def kl_div(x, a):
    """At a target of 0 the gradient of the target counts its logarithm as 0. PyTorch: NaN."""
    input, target = x
    if a["logTarget"]:
        return reduction(target.exp() * (target - input), a)
    return reduction(target * (choose(target == 0, torch.ones_like(target), target).log() - input), a)


def binary_cross_entropy(x, target, weight=1.0, posWeight=1.0):
    """An infinite logit that is wrong costs infinitely much. PyTorch: inf - inf. And weights may require a gradient."""
    if x.isfinite().all() and weight is posWeight:
        return F.binary_cross_entropy_with_logits(x, target, reduction="none")
    return weight * (target * posWeight * softplus(-x, 1, 40) + (1 - target) * softplus(x, 1, 40))


def first_in_order(x, axis, descending):
    """Of equal numbers, the first come first. PyTorch promises that for a stable sort only."""
    return x.sort(dim=axis, descending=descending, stable=True)


# ---- One line for each op. x: the operands; a: the arguments. ----


def two(f):
    def call(x, a):
        if len(x) == 2:
            return f(x[0], x[1])
        number = torch.full_like(x[0], a["number"])
        return f(number, x[0]) if a["left"] else f(x[0], number)

    return call


def compare(f):
    return two(lambda p, q: f(p, q).to(p.dtype))


def flag(f):
    return lambda x, a: f(x[0]).to(x[0].dtype)


def axes(x, a):
    return tuple(range(x.dim())) if a.get("axis") is None else tuple(a["axis"])


def reduced(f, over_nothing):
    """PyTorch takes an empty list of axes for all axes."""

    def call(x, a):
        dim = axes(x[0], a)
        return f(x[0], dim, a["keepDim"]) if len(dim) > 0 else over_nothing(x[0])

    return call


def same(x):
    return x * 1


def spread(f, x, a):
    """std or var. PyTorch takes an empty list of axes for all axes."""
    dim, unbiased = axes(x, a), a["correction"] == 1
    return f(x, dim, unbiased, a["keepDim"]) if len(dim) > 0 else f(x.unsqueeze(-1), (-1,), unbiased, False)


def reduction(losses, a):
    if a["reduction"] == "none":
        return losses
    if a["reduction"] == "batchmean":
        return sums(torch.sum, losses) / (len(losses) if losses.dim() > 0 else 1)
    return sums({"mean": torch.mean, "sum": torch.sum}[a["reduction"]], losses)


def gumbel(x, a):
    """Hard: NaN where the probabilities are NaN. PyTorch: a choice, as if NaN were the largest."""
    y = softmax(step((x[0] + x[1]) / a["tau"]), a["axis"])
    if not a["hard"]:
        return y
    hard = torch.zeros_like(y).scatter(a["axis"], y.argmax(a["axis"], keepdim=True), 1.0)
    hard = choose(y.isnan(), y, hard)
    return choose(torch.ones_like(y, dtype=torch.bool), hard.detach() + Straight.apply(y), y)


class Straight(torch.autograd.Function):
    """0 with the gradient of y."""

    @staticmethod
    def forward(ctx, y):
        return torch.zeros_like(y)

    @staticmethod
    def backward(ctx, dy):
        return dy


def to_size(x, shape):
    return sums(lambda x: (x.sum_to_size(tuple(shape)) if len(shape) > 0 else x.sum()) * 1, x)


def scatter(x, a):
    shape = list(x[0].shape)
    shape[a["axis"]] = a["length"]
    zeros = torch.zeros(shape, dtype=x[0].dtype)
    indices = torch.tensor(a["indices"]).reshape(x[0].shape)
    return sums(lambda x: zeros.scatter_add(a["axis"], indices, x), x[0])


def linear(x, a):
    y = step(sums(F.linear, torch.cat(x[: a["parts"]], -1), *x[a["parts"] :]))
    return {"relu": torch.relu, "tanh": torch.tanh, None: same}[a["activation"]](y)


def stacked_linear(x, a):
    n = a["n"]
    parts = x[0] if x[0].dim() == 3 else [x[0]] * n
    y = step(torch.stack([sums(F.linear, part, *x[1 + k :: n][: len(x[1:]) // n]) for k, part in enumerate(parts)]))
    return {"relu": torch.relu, "tanh": torch.tanh, None: same}[a["activation"]](y)


def mha(x, a):
    query, key, value, w, b, ow, ob = x[:7]
    heads = a["numHeads"]
    e = query.shape[2]
    bias = b if a["bias"] else torch.zeros_like(b)
    parts = [
        step(sums(F.linear, y, w[i * e : (i + 1) * e], bias[i * e : (i + 1) * e]))
        .unflatten(2, (heads, e // heads))
        .transpose(1, 2)
        for i, y in enumerate([query, key, value])
    ]
    y, weights = attention(*parts, x[7] if len(x) > 7 else None)
    if a["result"] == "weights":
        return weights
    return sums(F.linear, step(y).transpose(1, 2).reshape(query.shape), ow, ob if a["bias"] else torch.zeros_like(ob))


def batch_norm(x, a):
    shape = [1, -1] + [1] * (x[0].dim() - 2)
    if a["training"]:
        mean, variance = x[3].detach().clone(), x[4].detach().clone()
        y = standardize(
            x[0],
            [axis for axis in range(x[0].dim()) if axis != 1],
            a["eps"],
            lambda x: F.batch_norm(x, mean, variance, training=True, momentum=a["momentum"], eps=a["eps"]),
        )
        if a["result"] != "output":
            return mean if a["result"] == "mean" else variance
    else:
        y = (x[0] - x[3].reshape(shape)) / (x[4].reshape(shape) + a["eps"]).sqrt()
    return affine(y, shape, x[1], x[2]) if a["affine"] else y


def layer_norm(x, a):
    dim = list(range(-len(a["normalizedShape"]), 0))
    y = standardize(x[0], dim, a["eps"], lambda x: F.layer_norm(x, a["normalizedShape"], eps=a["eps"]))
    return affine(y, x[1].shape, x[1], x[2]) if a["affine"] else y


def cross_entropy(x, a):
    """The weight may require a gradient. In PyTorch it may not."""
    x = list(x)
    logits = x.pop(0)
    target = x.pop(0) if a["target"] is None else torch.tensor(a["target"]).reshape(a["shape"])
    weight = x.pop(0) if x else None
    options = {"ignore_index": a["ignoreIndex"], "reduction": a["reduction"], "label_smoothing": a["labelSmoothing"]}
    if GENERATOR is None and weight is None:
        return F.cross_entropy(logits, target, **options)
    axis, share = min(logits.dim() - 1, 1), a["labelSmoothing"]
    ones = torch.ones(logits.shape[axis], dtype=logits.dtype)
    weights = (ones if weight is None else weight).reshape([-1 if k == axis else 1 for k in range(logits.dim())])
    scores = step(log_softmax(logits, axis) * weights)
    if a["target"] is None:
        p = step(target * (1 - share) + share / logits.shape[axis])
        y = reduction(-sums(lambda p, scores: (p * scores).sum(axis), p, scores), a)
    else:
        counts = target != a["ignoreIndex"]
        at = choose(counts, target, 0 * target).unsqueeze(axis)
        losses = -scores.gather(axis, at).squeeze(axis) * (1 - share) - average(scores, axis) * share
        losses = choose(counts, losses, torch.zeros_like(losses))
        y = losses if a["reduction"] == "none" else sums(torch.sum, losses)
        if a["reduction"] == "mean":
            at_target = weights.expand_as(logits).gather(axis, at).squeeze(axis)
            y = y / choose(counts, at_target, torch.zeros_like(losses)).sum()
    if GENERATOR is not None:
        return y
    return ValueOf.apply(y, F.cross_entropy(logits.detach(), target.detach(), weight.detach(), **options))


def slice_(x, a):
    kept = range(x.shape[a["axis"]])[a["start"] : a["end"] : a["step"]]
    return x.index_select(a["axis"], torch.tensor(list(kept)))


def roll(x, a):
    if a["axis"] is None:
        return x.roll(a["shift"])
    return x.roll(a["shift"], a["axis"]) if a["axis"] else same(x)


def picked(found, a):
    """Values or indices."""
    values, indices = found
    return indices.to(values.dtype) if a["result"] == "indices" else values * 1


def arg(f):
    def call(x, a):
        if a["axis"] is None:
            y = f(x[0])
            return (y.reshape([1] * x[0].dim()) if a["keepDim"] else y).to(x[0].dtype)
        return f(x[0], a["axis"], keepdim=a["keepDim"]).to(x[0].dtype)

    return call


def embedding(x, a):
    return F.embedding(torch.tensor(a["indices"]), x[0], padding_idx=a["paddingIdx"])


def dropout(x, a):
    kept = torch.tensor([float(number) for number in a["kept"]], dtype=x.dtype).reshape(x.shape)
    return choose(kept != 0, x, torch.zeros_like(x)) * kept.max() if a["p"] < 1 else choose(kept != 0, x, 0.0 * kept)


OPS = {
    "abs": lambda x, a: abs_(x[0]),
    "add": two(torch.add),
    "amax": reduced(amax, lambda x: amax(x.unsqueeze(-1), -1, False)),
    "amin": reduced(lambda x, dim, keep: -amax(-x, dim, keep), lambda x: -amax(-x.unsqueeze(-1), -1, False)),
    "argmax": arg(torch.argmax),
    "argmin": arg(torch.argmin),
    "batchNorm1d": batch_norm,
    "binaryCrossEntropyWithLogits": lambda x, a: reduction(
        binary_cross_entropy(x[0], x[1], **dict(zip(a["weights"], x[2:]))), a
    ),
    "broadcastTo": lambda x, a: x[0].expand([*a["more"], *x[0].shape]) * 1,
    "chunk": lambda x, a: x[0].chunk(a["chunks"], a["axis"])[a["part"]] * 1,
    "clamp": lambda x, a: x[0].clamp(-math.inf if a["min"] is None else a["min"], a["max"]),
    "clone": lambda x, a: x[0].clone(),
    "concat": lambda x, a: torch.cat(x, a["axis"]),
    "cos": lambda x, a: x[0].cos(),
    "crossEntropy": cross_entropy,
    "cumsum": lambda x, a: sums(lambda x: x.cumsum(a["axis"]), x[0]),
    "div": two(torch.div),
    "dropout": lambda x, a: dropout(x[0], a),
    "einsum": lambda x, a: sums(lambda *x: torch.einsum(a["equation"], *x) * 1, *x),
    "elu": lambda x, a: elu(x[0], a["alpha"]),
    "embedding": embedding,
    "eq": compare(torch.eq),
    "erf": lambda x, a: x[0].erf(),
    "exp": lambda x, a: x[0].exp(),
    "expm1": lambda x, a: expm1(x[0]),
    "flatten": lambda x, a: x[0].flatten(a["start"], a["end"]) * 1,
    "flip": lambda x, a: x[0].flip(axes(x[0], a)),
    "gather": lambda x, a: x[0].gather(a["axis"], torch.tensor(a["indices"]).reshape(a["shape"])),
    "gelu": lambda x, a: gelu(x[0], a["approximate"]),
    "greater": compare(torch.gt),
    "greaterEqual": compare(torch.ge),
    "gumbelSoftmax": gumbel,
    "huberLoss": lambda x, a: reduction(Huber.apply(x[0] - x[1], a["delta"]), a),
    "indexSelect": lambda x, a: x[0].index_select(a["axis"], torch.tensor(a["indices"])),
    "isfinite": flag(torch.isfinite),
    "isinf": flag(torch.isinf),
    "isnan": flag(torch.isnan),
    "klDiv": kl_div,
    "layerNorm": layer_norm,
    "leakyRelu": lambda x, a: leaky_relu(x[0], a["slope"]),
    "less": compare(torch.lt),
    "lessEqual": compare(torch.le),
    "linear": linear,
    "log": lambda x, a: x[0].log(),
    "log1p": lambda x, a: x[0].log1p(),
    "logSoftmax": lambda x, a: log_softmax(x[0], a["axis"]),
    "logicalAnd": compare(torch.logical_and),
    "logicalNot": flag(torch.logical_not),
    "logicalOr": compare(torch.logical_or),
    "logicalXor": compare(torch.logical_xor),
    "logsumexp": reduced(logsumexp, lambda x: logsumexp(x.unsqueeze(-1), -1, False)),
    "matmul": lambda x, a: sums(
        torch.matmul,
        x[0].transpose(-2, -1) if a["transposeA"] else x[0],
        x[1].transpose(-2, -1) if a["transposeB"] else x[1],
    ),
    "max": lambda x, a: picked(x[0].max(a["axis"], keepdim=a["keepDim"]), a),
    "maximum": two(torch.maximum),
    "mean": reduced(average, same),
    "min": lambda x, a: picked(x[0].min(a["axis"], keepdim=a["keepDim"]), a),
    "minimum": two(torch.minimum),
    "mseLoss": lambda x, a: F.mse_loss(x[0], x[1], reduction=a["reduction"]),
    "mul": two(torch.mul),
    "multiHeadAttention": mha,
    "narrow": lambda x, a: x[0].narrow(a["axis"], a["start"], a["length"]) * 1,
    "neg": lambda x, a: -x[0],
    "norm": reduced(norm, lambda x: norm(x.unsqueeze(-1), -1, False)),
    "notEqual": compare(torch.ne),
    "oneHot": lambda x, a: F.one_hot(torch.tensor(a["indices"]), 3).to(x[0].dtype),
    "permute": lambda x, a: x[0].permute(a["axes"]) * 1,
    "pow": two(pow_),
    "prod": reduced(prod, same),
    "relu": lambda x, a: x[0].relu(),
    "reshape": lambda x, a: x[0].reshape(a["shape"]) * 1,
    "roll": lambda x, a: roll(x[0], a),
    "scaledDotProductAttention": lambda x, a: attention(*x[:3], x[3] if len(x) > 3 else None)[a["result"] == "weights"],
    "scatterAdd": scatter,
    "sigmoid": lambda x, a: x[0].sigmoid(),
    "sign": lambda x, a: sign(x[0]),
    "silu": lambda x, a: F.silu(x[0]),
    "sin": lambda x, a: x[0].sin(),
    "slice": lambda x, a: slice_(x[0], a),
    "smoothL1Loss": lambda x, a: reduction(Huber.apply(x[0] - x[1], a["beta"]) / a["beta"], a),
    "softmax": lambda x, a: softmax(x[0], a["axis"]),
    "softplus": lambda x, a: softplus(x[0], a["beta"], a["threshold"]),
    "sort": lambda x, a: picked(first_in_order(x[0], a["axis"], a["descending"]), a),
    "split": lambda x, a: x[0].split(a["length"], a["axis"])[a["part"]] * 1,
    "sqrt": lambda x, a: x[0].sqrt(),
    "square": lambda x, a: x[0].square(),
    "squeeze": lambda x, a: (x[0].squeeze() if a["axis"] is None else x[0].squeeze(a["axis"])) * 1,
    "stack": lambda x, a: torch.stack(x, a["axis"]),
    "stackedLinear": stacked_linear,
    "std": lambda x, a: spread(std, x[0], a),
    "sub": two(torch.sub),
    "sum": reduced(total, same),
    "sumToSize": lambda x, a: to_size(x[0], a["shape"]),
    "tanh": lambda x, a: x[0].tanh(),
    "to": lambda x, a: x[0].to(getattr(torch, a["dtype"])).to(x[0].dtype) * 1,
    "topk": lambda x, a: picked(first_in_order(x[0], a["axis"], a["largest"]), a).narrow(a["axis"], 0, a["k"]) * 1,
    "transpose": lambda x, a: x[0].transpose(*a["axes"]) * 1,
    "tril": lambda x, a: x[0].tril(a["diagonal"]),
    "triu": lambda x, a: x[0].triu(a["diagonal"]),
    "unsqueeze": lambda x, a: x[0].unsqueeze(a["axis"]) * 1,
    "variance": lambda x, a: spread(variance, x[0], a),
    "where": lambda x, a: choose(x[0] != 0, x[1], x[2] if len(x) > 2 else torch.full_like(x[1], a["number"])),
    "wherePositive": two(lambda p, q: choose(q <= 0, torch.zeros_like(p), p)),
}

# ---- Programs ----

ROUNDS = int(sys.argv[1])


def gradients(outputs, leaves, factor):
    """The gradients of a weighted sum of all numbers, as in program.ts."""
    outputs = [y for y in outputs if y.requires_grad]
    if not outputs:
        return [torch.zeros_like(leaf) for leaf in leaves]
    loss = 0
    for y in outputs:
        k = torch.arange(y.numel(), dtype=torch.float64)
        weights = ((k * factor + 3) % 16 - 7.5) / 8
        loss = loss + (y * weights.to(y.dtype).reshape(y.shape)).sum()
    found = torch.autograd.grad(loss, leaves, create_graph=True, allow_unused=True)
    return [torch.zeros_like(leaf) if g is None else g for g, leaf in zip(found, leaves)]


def run(nodes, dtype, generator=None, extreme=False):
    global GENERATOR
    GENERATOR = generator
    leaves, values, used = [], [], set()
    for node in nodes:
        if "op" not in node:
            data = [float(number) for number in node["data"]]
            leaf = torch.tensor(data, dtype=torch.float64).to(dtype).reshape(node["shape"]).requires_grad_()
            leaves.append(leaf)
            values.append(leaf)
            continue
        used.update(node["of"])
        values.append(step(OPS[node["op"]]([part(values[k], extreme) for k in node["of"]], node["args"])))
    outputs = [y for k, y in enumerate(values) if k not in used]
    first = gradients(outputs, leaves, 7)
    return [y.detach() for y in outputs + first + gradients(first, leaves, 5)]


def base(tensors, dtype):
    flat = torch.cat([y.reshape(-1).to(dtype) for y in tensors])
    return base64.b64encode(flat.numpy().tobytes()).decode()


def largest_difference(y, z):
    """Infinite if one is NaN or infinite where the other is something else."""
    same = (y == z) | (y.isnan() & z.isnan())
    difference = torch.where(same, torch.zeros_like(y), (y - z).abs())
    return math.inf if not difference.isfinite().all() else float(difference.max()) if len(y.reshape(-1)) else 0.0


def answer(program):
    nodes = program["nodes"]
    UNSURE.clear()
    exact = run(nodes, torch.float64)
    single = run(nodes, torch.float32)
    errors = [0.0] * len(exact)
    for seed in range(ROUNDS):
        rough = run(nodes, torch.float64, torch.Generator().manual_seed(seed), program["kind"] == "extreme")
        for k, (y, z) in enumerate(zip(exact, rough)):
            errors[k] = max(errors[k], largest_difference(y, z))
    return {
        "lengths": [y.numel() for y in exact],
        "float64": base(exact, torch.float64),
        "float32": base(single, torch.float32),
        "single": "range" not in UNSURE,
        "second": "pow" not in UNSURE,
        "errors": [1e300 if math.isinf(e) else float(f"{e:.2e}") for e in errors],
    }


for line in sys.stdin:
    try:
        print(json.dumps(answer(json.loads(line))), flush=True)
    except Exception as error:
        print(json.dumps({"failed": f"{type(error).__name__}: {error}"}), flush=True)
