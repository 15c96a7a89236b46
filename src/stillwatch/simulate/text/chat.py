"""What people type into a chat: questions, chores, second thoughts, in several languages."""

from __future__ import annotations

from functools import cache
from typing import Final

from stillwatch.simulate.text.documents import PROSE
from stillwatch.simulate.text.grammar import Grammar, Mixture, Numbers, Phrase
from stillwatch.simulate.text.tasks import ANALYSIS, MATHEMATICS, PROGRAMMING, WRITING
from stillwatch.simulate.text.words import ADJECTIVES, AUDIENCES, FORMATS, NAMES, PLACES, TOPICS

_SLOTS: Final[dict[str, Phrase | list[str]]] = {
    "topic": TOPICS,
    "adjective": ADJECTIVES,
    "audience": AUDIENCES,
    "format": FORMATS,
    "name": NAMES,
    "place": PLACES,
    "n": Numbers(2, 40),
    "text": PROSE,
    "hello": ["", "", "", "hi! ", "Hello, ", "quick one: ", "ok so ", "Hey, ", "please help: "],
    "end": ["", "", "", " thanks", " Thank you!", " (short please)", " no lists", " pls", "?"],
}

QUESTIONS: Final = Grammar(
    [
        "{hello}explain {topic} to {audience}{end}",
        "{hello}what should I know about {topic} before moving to {place}?",
        "{hello}is {topic} really worse than {topic2}, or do people only say so{end}",
        "{hello}{n} facts on {topic} that {audience} would enjoy{end}",
        "how do {topic} work",
        "{hello}my friend {name} thinks {topic} is a waste of money. Give me a {adjective} "
        "answer{end}",
        "{hello}make {format} about {topic}, {adjective} in tone{end}",
        "best way to learn about {topic} in {n} days?",
        "{hello}we are {n} people in {place} and want to do something with {topic}. Ideas?",
        "{hello}what did {name} mean by this? {text}",
        "{hello}summarise:\n{text}",
        "compare {topic}, {topic2} and {topic3} for {audience}",
        "{hello}I have to talk about {topic} for {n} minutes on Friday and I am nervous{end}",
        "who decided that {topic} should be regulated in {place}?",
    ],
    _SLOTS,
)

FOLLOW_UP: Final = Grammar(
    [
        "and for {topic}?",
        "shorter please",
        "make it more {adjective}",
        "why?",
        "thanks! now as {format}",
        "that is not what I meant, I mean in {place}",
        "ok but {name} would say the opposite",
        "can you give {n} more",
        "please go on",
        "and if it were {n} instead?",
        "where did you get the part about {topic} from?",
        "rewrite the second paragraph for {audience}",
        "I tried that. Now it says: {text}",
        "perfect, thank you {name2}",
        "hmm, are you sure about {topic}?",
        "{adjective} and {adjective2}, if possible",
    ],
    _SLOTS,
)


def _foreign(templates: list[str], topics: list[str], ends: list[str]) -> Grammar:
    return Grammar(
        templates,
        {
            "t": topics,
            "n": Numbers(2, 300),
            "e": ends,
            "name": NAMES,
            "place": PLACES,
            "m": Numbers(1990, 2026),
        },
    )


FOREIGN: Final[dict[str, Phrase]] = {
    "de": _foreign(
        [
            "Erkläre mir bitte {t} in {n} Worten{e}",
            "Was kostet {t} ungefähr in {place}, wenn wir {n} Stück brauchen?",
            "Schreib eine freundliche Mail an {name} wegen {t}{e}",
            "Warum war {t} im Jahr {m} so umstritten?",
            "Ich brauche {n} Ideen zu {t}{e}",
            "Vergleiche {t} mit {t2} und nenne {n} Punkte",
        ],
        [
            "Wärmepumpen",
            "das Mietrecht",
            "die Nebenkosten",
            "Sauerteig",
            "die Steuererklärung",
            "der Nahverkehr",
            "Fahrradwege",
            "die Pflegeversicherung",
            "Vereinsrecht",
            "Photovoltaik",
            "der Schulgarten",
            "alte Möbel",
        ],
        ["", ".", ", danke!", ", ganz kurz", " und ohne Fachwörter"],
    ),
    "es": _foreign(
        [
            "Explícame {t} en {n} palabras{e}",
            "¿Cuánto cuesta {t} en {place} para {n} personas?",
            "Escribe un correo para {name} sobre {t}{e}",
            "¿Por qué fue importante {t} en {m}?",
            "Dame {n} ideas sobre {t}{e}",
            "Compara {t} con {t2} y di cuál prefieres tras {n} años",
        ],
        [
            "el alquiler",
            "la huerta escolar",
            "los impuestos",
            "el transporte público",
            "la paella",
            "la sequía",
            "el seguro médico",
            "la jubilación",
            "los patinetes",
            "la energía solar",
            "el flamenco",
            "la mudanza",
        ],
        ["", ".", ", gracias", ", por favor", " sin tecnicismos"],
    ),
    "fr": _foreign(
        [
            "Explique {t} en {n} mots{e}",
            "Combien coûte {t} à {place} pour {n} personnes ?",
            "Rédige un message à {name} au sujet de {t}{e}",
            "Pourquoi a-t-on tant parlé de {t} en {m} ?",
            "Donne {n} idées autour de {t}{e}",
            "Compare {t} et {t2}, avec {n} arguments",
        ],
        [
            "la copropriété",
            "le compost",
            "les impôts",
            "la retraite",
            "le pain au levain",
            "les trains de nuit",
            "la garde d'enfants",
            "l'isolation",
            "le vélo en ville",
            "la rentrée",
            "le vin nature",
            "les aides au logement",
        ],
        ["", ".", ", merci", ", s'il te plaît", " sans jargon"],
    ),
    "pt": _foreign(
        [
            "Explica {t} em {n} palavras{e}",
            "Quanto custa {t} em {place} para {n} pessoas?",
            "Escreve um e-mail para {name} sobre {t}{e}",
            "Por que {t} mudou tanto desde {m}?",
            "Quero {n} ideias sobre {t}{e}",
        ],
        [
            "o aluguel",
            "a horta",
            "o imposto de renda",
            "o metrô",
            "a aposentadoria",
            "a feijoada",
            "o vestibular",
            "energia solar",
            "o condomínio",
            "a reforma da cozinha",
        ],
        ["", ".", ", obrigado", ", por favor", " de forma simples"],
    ),
    "ja": _foreign(
        [
            "{t}について{n}字で説明してください{e}",
            "{name}さんに{t}のことでメールを書きたいです{e}",
            "{m}年から{t}はどう変わりましたか",
            "{place}で{t}はいくらぐらいですか、{n}人分です",
            "{t}と{t2}の違いを{n}個教えて{e}",
        ],
        [
            "家賃",
            "確定申告",
            "味噌",
            "通勤電車",
            "年金",
            "太陽光発電",
            "引っ越し",
            "花粉症",
            "茶道",
            "保育園",
            "山登り",
            "写真",
        ],
        ["", "。", "。お願いします", "。短めに", "!"],
    ),
    "zh": _foreign(
        [
            "请用{n}个字解释{t}{e}",
            "帮我给{name}写一封关于{t}的邮件{e}",
            "从{m}年到现在{t}有什么变化?",
            "在{place}{t}大概要花多少钱,{n}个人",
            "给我{n}个关于{t}的点子{e}",
            "{t}和{t2}哪个更划算",
        ],
        [
            "租房合同",
            "个人所得税",
            "地铁",
            "养老金",
            "太阳能",
            "搬家",
            "花粉过敏",
            "茶文化",
            "幼儿园",
            "登山",
            "旧相机",
            "豆腐",
        ],
        ["", "。", ",谢谢", ",简单一点", "!"],
    ),
    "ru": _foreign(
        [
            "Объясни {t} в {n} словах{e}",
            "Напиши письмо для {name} про {t}{e}",
            "Почему в {m} году все говорили про {t}?",
            "Сколько стоит {t} в {place} на {n} человек?",
            "Дай {n} идей на тему {t}{e}",
        ],
        [
            "ипотека",
            "дачный огород",
            "налоги",
            "метро",
            "пенсия",
            "закваска",
            "переезд",
            "аллергия",
            "старые карты",
            "шахматы",
            "грибы",
            "ремонт кухни",
        ],
        ["", ".", ", спасибо", ", пожалуйста", " попроще"],
    ),
    "hi": _foreign(
        [
            "{t} को {n} शब्दों में समझाइए{e}",
            "{name} को {t} के बारे में चिट्ठी लिखो{e}",
            "{m} के बाद {t} में क्या बदला?",
            "{place} में {n} लोगों के लिए {t} का खर्च कितना होगा?",
            "{t} पर {n} विचार दो{e}",
        ],
        [
            "किराया",
            "आयकर",
            "मेट्रो",
            "पेंशन",
            "सौर ऊर्जा",
            "बागवानी",
            "परीक्षा",
            "शादी",
            "पुराने नक्शे",
            "चाय",
            "दूध के दाम",
        ],
        ["", "।", ", धन्यवाद", ", कृपया", " आसान भाषा में"],
    ),
}


@cache
def everyday(language: str) -> Phrase:
    """Return what somebody who writes this language asks over a day, code and sums included."""
    if language == "en":
        return Mixture(
            [(55, QUESTIONS), (16, WRITING), (17, PROGRAMMING), (6, MATHEMATICS), (6, ANALYSIS)]
        )
    own = FOREIGN[language]
    return Mixture([(60, own), (15, QUESTIONS), (8, WRITING), (13, PROGRAMMING), (4, MATHEMATICS)])


@cache
def second_thoughts(language: str) -> Phrase:
    """Return what the same person says later in a conversation."""
    if language == "en":
        return FOLLOW_UP
    return Mixture([(70, FOREIGN[language]), (30, FOLLOW_UP)])
