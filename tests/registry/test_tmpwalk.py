"""temporary: run only my rows"""
import pytest
from django.utils import translation
from tests import walk
from tests.registry import routes_submissions as mine
from tests.house.test_routes import _faults
@pytest.mark.django_db
def test_mine():
    world=mine.prepare(); accounts=walk.sample_accounts()
    clients={k:walk.client(k,accounts) for k in ("anonymous",*accounts)}
    faults=[]
    for row in mine.ROWS:
        for kind,b in clients.items():
            for lang,d in (("en","ltr"),("ar","rtl")):
                with translation.override(lang): u=row.url(world)
                r=getattr(b,row.method.lower())(u,data=dict(row.data or {}),headers={"Accept-Language":lang})
                for f in _faults(row,kind,r,lang,d): faults.append(f"{row.method} {row.route} {kind} {lang}: {f}")
            if row.method=="GET":
                names="state kind whose after kinds"
                q="&".join(f"{n}=a%00b" for n in names.split())
                s=b.get(row.url(world).partition('?')[0]+"?"+q).status_code
                if s>=500: faults.append(f"nul {row.route} {s}")
    assert not faults, "\n".join(faults)
