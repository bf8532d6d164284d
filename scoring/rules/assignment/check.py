"""Is this plan valid and the best there is? Checked from the problem and the certificate alone, without any solver."""

from collections import Counter
from collections.abc import Iterator

from scoring.rules.assignment.bound import loads_at_most, pairs_by_achievement, served_at_most
from scoring.rules.assignment.levels import caps_of, levels_of, load_range
from scoring.rules.assignment.plan import BOUND, Plan, fingerprint
from scoring.rules.assignment.problem import Problem
from scoring.rules.strict import shown


def first_fault(problem: Problem, plan: Plan) -> str | None:
    """A Chinese sentence about the first thing that is not so, or None: valid, and proved optimal."""
    for check in (_pairs, _served, _sum, _loads, _levels, _prices, _proofs, _gap, _fingerprint):
        for fault in check(problem, plan):
            return fault
    return None


def _pairs(problem: Problem, plan: Plan) -> Iterator[str]:
    for task, expert in plan.assigned:
        if task not in problem.achievement:
            yield f"方案里的成果 {shown(task)} 不在问题中。"
        if expert not in problem.expert:
            yield f"方案里的专家 {shown(expert)} 不在问题中。"
        if (task, expert) in problem.conflicts:
            yield f"专家 {shown(expert)} 对成果 {shown(task)} 应当回避，却分到了它。"
    for one, other in zip(plan.assigned, plan.assigned[1:], strict=False):
        if one >= other:
            yield f"assigned 没有从小到大排列或有重复：成果 {shown(other[0])}，专家 {shown(other[1])}。"
    for task, expert in sorted(problem.fixed - set(plan.assigned)):
        yield f"指定由专家 {shown(expert)} 评成果 {shown(task)}，方案里没有。"


def _served(problem: Problem, plan: Plan) -> Iterator[str]:
    chosen = pairs_by_achievement(plan.assigned)
    for task in problem.achievements:
        if (found := len(chosen.get(task.id, ()))) != problem.per_achievement:
            yield f"成果 {shown(task.id)} 有 {found} 名专家，应有 {problem.per_achievement} 名。"


def _sum(problem: Problem, plan: Plan) -> Iterator[str]:
    if (found := problem.worth(plan.assigned)) != plan.objective:
        yield f"匹配总分应为 {found}，objective 写的是 {plan.objective}。"


def _loads(problem: Problem, plan: Plan) -> Iterator[str]:
    level, loads = plan.certificate.level, Counter(expert for _, expert in plan.assigned)
    if level not in levels_of(problem):
        yield f"L = {level} 时各人件数的和不可能是 {problem.sheets}。"
    for expert, cap in zip(problem.experts, caps_of(problem), strict=True):
        low, high = load_range(cap, level, problem.balance)
        if not low <= loads[expert.id] <= high:
            yield f"专家 {shown(expert.id)} 有 {loads[expert.id]} 件，L = {level} 时应在 {low} 到 {high} 之间。"


def _levels(problem: Problem, plan: Plan) -> Iterator[str]:
    wanted, found = list(levels_of(problem)), [one.level for one in plan.certificate.levels]
    for level in wanted:
        if level not in found:
            yield f"证书没有说明 L = {level} 的情形。"
    if found != wanted:
        yield "证书的 levels 应把每个可能的 L 从小到大各写一次，不多不少。"


def _prices(problem: Problem, plan: Plan) -> Iterator[str]:
    for number, proof in enumerate(plan.certificate.proofs):
        if proof.prices.keys() != problem.expert.keys():
            yield f"证书的 proofs[{number}] 应给每名专家恰好一个价格。"
    used = {one.proof for one in plan.certificate.levels}
    if used != set(range(len(plan.certificate.proofs))):
        yield "证书的 levels 与 proofs 对不上：有的证明不存在或没有用到。"


def _proofs(problem: Problem, plan: Plan) -> Iterator[str]:
    served = [served_at_most(problem, one.prices, weighed=one.shows == BOUND) for one in plan.certificate.proofs]
    caps = caps_of(problem)
    for one in plan.certificate.levels:
        proof = plan.certificate.proofs[one.proof]
        prices = [proof.prices[expert.id] for expert in problem.experts]
        value = served[one.proof] + loads_at_most(caps, problem.balance, prices, one.level)
        if value != one.value:
            yield f"L = {one.level} 的证明算出来是 {value}，证书写的是 {one.value}。"
        if proof.shows == BOUND and value > plan.objective:
            yield f"L = {one.level} 时上界是 {value}，没有证明不会超过 {plan.objective}。"
        if proof.shows != BOUND and value >= 0:
            yield f"L = {one.level} 的证明算出来是 {value}，不小于 0，没有证明此时无法分配。"


def _gap(problem: Problem, plan: Plan) -> Iterator[str]:
    own = plan.certificate.levels[plan.certificate.level - levels_of(problem).start]
    if plan.certificate.proofs[own.proof].shows != BOUND or own.value != plan.objective:
        yield f"L = {own.level} 的上界与匹配总分 {plan.objective} 之间有差距，没有证明方案最优。"
    if plan.certificate.upper_bound != plan.objective:
        yield f"upper_bound 应为 {plan.objective}，证书写的是 {plan.certificate.upper_bound}。"
    if plan.certificate.gap != 0:
        yield f"gap 应为 0，证书写的是 {plan.certificate.gap}。"


def _fingerprint(problem: Problem, plan: Plan) -> Iterator[str]:
    if plan.certificate.fingerprint != fingerprint(problem, plan):
        yield "证书的 fingerprint 与问题和方案不符：其中有一处被改动过。"
