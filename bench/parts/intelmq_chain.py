"""Rows through IntelMQ's bots in one process, in its library mode: parser, ASN look-up, taxonomy,
deduplicator, file output. Run by the Python of an environment that has IntelMQ and pyasn.

    python intelmq_chain.py REPORT.csv NETWORKS.dat OUTPUT PORT-OF-REDIS

Says what it did as one JSON object. Messages are handed on as objects, without the serialising and
the broker between the bots of a real deployment: this is the fastest that chain can be.
"""

from __future__ import annotations

import base64
import json
import sys
import time
from pathlib import Path

from intelmq.bots.experts.asn_lookup.expert import ASNLookupExpertBot
from intelmq.bots.experts.deduplicator.expert import DeduplicatorExpertBot
from intelmq.bots.experts.taxonomy.expert import TaxonomyExpertBot
from intelmq.bots.outputs.file.output import FileOutputBot
from intelmq.bots.parsers.generic.parser_csv import GenericCsvParserBot
from intelmq.lib.bot import BotLibSettings

FIELDS = {
    "timestamp": "time.source",
    "protocol": "protocol.transport",
    "src_ip": "source.ip",
    "src_port": "source.port",
    "src_asn": "source.asn",
    "src_geo": "source.geolocation.cc",
    "src_region": "source.geolocation.region",
    "src_city": "source.geolocation.city",
    "src_hostname": "source.reverse_dns",
    "dst_ip": "destination.ip",
    "dst_port": "destination.port",
    "dst_asn": "destination.asn",
    "dst_geo": "destination.geolocation.cc",
    "dst_region": "destination.geolocation.region",
    "dst_city": "destination.geolocation.city",
    "dst_hostname": "destination.reverse_dns",
    "infection": "classification.identifier",
    "family": "malware.name",
    "http_host": "destination.fqdn",
}


def main(report: str, networks: str, output: str, port: str) -> None:
    text = Path(report).read_text()
    names = text.partition("\n")[0].replace('"', "").split(",")
    parser = bot(
        GenericCsvParserBot,
        columns=[FIELDS.get(name, f"extra.{name}") for name in names],
        columns_required=[False] * len(names),
        skip_header=True,
        type="infected-system",
    )
    others = [
        bot(ASNLookupExpertBot, database=networks),
        bot(TaxonomyExpertBot),
        bot(
            DeduplicatorExpertBot,
            redis_cache_host="127.0.0.1",
            redis_cache_port=int(port),
            redis_cache_db=0,
            redis_cache_ttl=86_400,
            filter_type="blacklist",
            filter_keys="raw,time.observation",
        ),
    ]
    written = bot(FileOutputBot, file=output)
    message = {
        "__type": "Report",
        "feed.name": "bench",
        "time.observation": "2026-11-21T00:00:00+00:00",
        "raw": base64.b64encode(text.encode()).decode(),
    }
    start, used = time.perf_counter(), time.process_time()
    events = parser.process_message(message)["output"]
    parsed = len(events)
    for one in others:
        events = one.process_message(*events)["output"]
    written.process_message(*events)
    spent = time.perf_counter() - start
    print(
        json.dumps(
            {
                "parsed": parsed,
                "written": len(Path(output).read_text().splitlines()),
                "seconds": spent,
                "processor": time.process_time() - used,
            }
        )
    )


def bot(kind: type, **settings: object) -> object:
    quiet = {"logging_level": "ERROR"}
    return kind(kind.__name__, settings=BotLibSettings | quiet | settings)


if __name__ == "__main__":
    main(*sys.argv[1:])
