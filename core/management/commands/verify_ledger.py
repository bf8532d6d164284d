from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import ledger
from core.models import ChainHead, Event


class Command(BaseCommand):
    help = "核对账本：逐链检查每条记录的校验值，指出第一处断裂；有断裂时退出码为 1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("chain", nargs="?", help="只核对这一条链，例如 contest:12；不填则核对全部。")

    def handle(self, *args: Any, **options: Any) -> None:
        names = [options["chain"]] if options["chain"] else ledger.chains()
        if options["chain"] and options["chain"] not in ledger.chains():
            raise CommandError(f"没有名为 {options['chain']} 的链。")
        broken = sum(self._report(name) for name in names)
        if broken:
            raise CommandError(f"账本不完整：{broken} 条链有断裂，见上。")
        self.stdout.write(f"账本完整：共核对 {len(names)} 条链。")

    def _report(self, chain: str) -> bool:
        head = ChainHead.objects.filter(chain=chain).first()
        rows = Event.objects.filter(chain=chain).count()
        self.stdout.write(f"{chain}\t{rows} 条\t{f'第 {head.seq} 条 {head.hash}' if head else '无链首'}")
        faults = ledger.verify(chain)
        for fault in faults:
            self.stdout.write(f"{chain}\t断裂：第 {fault.seq} 条{fault.reason}")
        return bool(faults)
