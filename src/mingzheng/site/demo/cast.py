"""Who plays in the demo centre. Everybody and every organisation is invented; passwords are printed, not secret."""

from base64 import b32encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from mingzheng.kernel.numbering import demo_uscc
from mingzheng.ledger import vault

PASSWORD = "yunzhou-2026"  # noqa: S105 - a demo's password, printed by `make demo`
REGION = "990100"


@dataclass(frozen=True, slots=True)
class House:
    """An organisation of the cast."""

    key: str
    name: str
    kinds: tuple[str, ...]
    code: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class CastMember:
    """One login: what `make demo` prints, and what rehearsals and tests log in with."""

    login: str
    name: str
    house: House
    roles: tuple[str, ...]
    employer: str = ""
    specialties: tuple[str, ...] = ()
    title: str = ""

    @property
    def organisation(self) -> str:
        return self.house.name

    @property
    def profile(self) -> dict[str, Any]:
        """What the register keeps of experts."""
        if not self.employer:
            return {}
        return {"employer": self.employer, "specialties": list(self.specialties), "title": self.title}

    @property
    def key_file(self) -> Path:
        return Path(settings.MINGZHENG_STATE) / "cast" / f"{self.login}.mzkey"

    @property
    def password(self) -> str:
        """Opens the key file and, with the authenticator, the password login."""
        return PASSWORD

    @property
    def totp_secret(self) -> str:
        """Base32 secret of the authenticator, different in every deployment."""
        return b32encode(bytes.fromhex(vault.tag("cast", self.login) + vault.tag("cast2", self.login)[:8])).decode()


def _house(key: str, number: int, name: str, kind: str, authority: str, street: str) -> House:
    code = demo_uscc(REGION, f"MA{number:06d}", authority=authority)
    return House(key, name, (kind,), code, f"云州市{street}", f"0990-8800{number:04d}")


HOUSES = {
    house.key: house
    for house in (
        _house("centre", 1, "云州市公共资源交易中心", "centre", "12", "政务路1号"),
        _house("housing", 2, "云州市住房和城乡建设局", "supervision", "11", "政务路9号"),
        _house("pool", 3, "云州市综合评标专家库", "expert_pool", "12", "政务路1号"),
        _house("water", 11, "云州市城市水务发展有限公司", "procuring_entity", "91", "滨江大道66号"),
        _house("agency", 21, "子丑工程咨询有限公司", "agency", "91", "青云街18号"),
        _house("jia", 31, "甲建设集团有限公司", "bidder", "91", "开元路101号"),
        _house("yi", 32, "乙市政工程有限公司", "bidder", "91", "开元路102号"),
        _house("bing", 33, "丙水务建设有限公司", "bidder", "91", "开元路103号"),
        _house("ding", 34, "丁建工集团股份有限公司", "bidder", "91", "开元路104号"),
        _house("wu", 35, "戊路桥工程有限公司", "bidder", "91", "开元路105号"),
        _house("school", 12, "云州市教育建设服务中心", "procuring_entity", "12", "学府路20号"),
        _house("roads", 13, "云州市交通建设发展有限公司", "procuring_entity", "91", "环城东路8号"),
        _house("hospital", 14, "云州市第一人民医院", "procuring_entity", "12", "杏林路3号"),
        _house("renewal", 15, "云州市城市更新建设有限公司", "procuring_entity", "91", "老城街77号"),
        _house("digital", 16, "云州市数字政务服务中心", "procuring_entity", "12", "政务路5号"),
        _house("mao", 22, "寅卯项目管理有限公司", "agency", "91", "青云街36号"),
        _house("ji", 36, "己市政园林工程有限公司", "bidder", "91", "开元路106号"),
        _house("geng", 37, "庚机电设备有限公司", "bidder", "91", "开元路107号"),
        _house("xin", 38, "辛信息技术有限公司", "bidder", "91", "开元路108号"),
        _house("ren", 39, "壬医疗器械有限公司", "bidder", "91", "开元路109号"),
        _house("gui", 40, "癸交通设施有限公司", "bidder", "91", "开元路110号"),
    )
}


def _one(login: str, name: str, house: str, *roles: str) -> CastMember:
    return CastMember(login, name, HOUSES[house], roles)


def _expert(number: int, name: str, employer: str, title: str, *specialties: str) -> CastMember:
    return CastMember(f"expert{number}", name, HOUSES["pool"], ("expert",), employer, specialties, title)


def cast() -> list[CastMember]:
    """Everybody of the demo centre, parties first."""
    return [
        _one("water", "周远航", "water", "procuring_entity"),
        _one("agency", "林知秋", "agency", "agency"),
        _one("agency2", "许长河", "agency", "agency"),
        _one("jia", "甲一鸣", "jia", "bidder"),
        _one("yi", "乙文博", "yi", "bidder"),
        _one("bing", "丙若水", "bing", "bidder"),
        _one("ding", "丁广厦", "ding", "bidder"),
        _one("wu", "戊成路", "wu", "bidder"),
        _expert(1, "顾明川", "云州市水利规划设计院", "高级工程师", "给水排水工程", "市政工程"),
        _expert(2, "沈一舟", "云州大学土木学院", "教授", "市政工程", "结构工程"),
        _expert(3, "陆清和", "云州市造价管理站", "注册造价工程师", "工程造价", "市政工程"),
        _expert(4, "韩子墨", "云州市建筑科学研究院", "研究员", "结构工程", "给水排水工程"),
        _expert(5, "苏若谷", "云州市排水集团", "高级工程师", "给水排水工程", "市政工程"),
        _expert(6, "方一诺", "云州诚信会计师事务所", "注册会计师", "工程造价", "财务"),
        _expert(7, "叶知微", "云州市市政设计院", "高级工程师", "市政工程", "给水排水工程"),
        _one("staff", "唐宁", "centre", "centre_staff"),
        _one("witness", "温如玉", "centre", "centre_staff", "witness"),
        _one("supervisor", "郑正明", "housing", "supervisor"),
        _one("archivist", "文简", "centre", "archivist"),
        _one("operator", "石磊", "centre", "operator"),
        _one("sysadmin", "萧山", "centre", "system_admin"),
        _one("secadmin", "安然", "centre", "security_admin"),
        _one("auditor", "严查", "centre", "audit_admin"),
    ]


def others() -> list[CastMember]:
    """Whoever else trades in 云州: they have keys and act by themselves, nobody continues as one of them."""
    return [
        _one("school", "方静书", "school", "procuring_entity"),
        _one("roads", "陆远程", "roads", "procuring_entity"),
        _one("hospital", "白景行", "hospital", "procuring_entity"),
        _one("renewal", "殷新桥", "renewal", "procuring_entity"),
        _one("digital", "程见微", "digital", "procuring_entity"),
        _one("mao", "岑溪亭", "mao", "agency"),
        _one("ji", "己怀瑾", "ji", "bidder"),
        _one("geng", "庚子衿", "geng", "bidder"),
        _one("xin", "辛望舒", "xin", "bidder"),
        _one("ren", "壬知春", "ren", "bidder"),
        _one("gui", "癸远山", "gui", "bidder"),
    ]


def member(login: str) -> CastMember:
    """One of the cast or of the others by login name (KeyError for a stranger)."""
    return {one.login: one for one in [*cast(), *others()]}[login]
