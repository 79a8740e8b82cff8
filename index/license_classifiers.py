"""Names that package metadata gives to licenses, and the SPDX licenses that each one can stand for."""

import re

# Key: the classifier without "License ::" and "OSI Approved ::". Value: SPDX id, or the prefixes of the ids among
# which it does not choose; none where it names no license. Sources: trove-classifiers 2026.9 and the names of the SPDX
# License List. GNU's "v2", beside "v2 or later", means version 2 only.
SPDX_BY_CLASSIFIER: dict[str, str | tuple[str, ...]] = {
    "Academic Free License (AFL)": ("AFL-",),
    "Aladdin Free Public License (AFPL)": "Aladdin",
    "Apache Software License": ("Apache-",),
    "Apple Public Source License": ("APSL-",),
    "Artistic License": ("Artistic-", "ClArtistic"),
    "Attribution Assurance License": "AAL",
    "BSD License": ("BSD-", "0BSD"),
    "Blue Oak Model License (BlueOak-1.0.0)": "BlueOak-1.0.0",
    "Boost Software License 1.0 (BSL-1.0)": "BSL-1.0",
    "CC0 1.0 Universal (CC0 1.0) Public Domain Dedication": "CC0-1.0",
    "CEA CNRS Inria Logiciel Libre License, version 2.1 (CeCILL-2.1)": "CECILL-2.1",
    "CMU License (MIT-CMU)": "MIT-CMU",
    "CeCILL-B Free Software License Agreement (CECILL-B)": "CECILL-B",
    "CeCILL-C Free Software License Agreement (CECILL-C)": "CECILL-C",
    "Common Development and Distribution License 1.0 (CDDL-1.0)": "CDDL-1.0",
    "Common Public License": "CPL-1.0",
    "Eclipse Public License 1.0 (EPL-1.0)": "EPL-1.0",
    "Eclipse Public License 2.0 (EPL-2.0)": "EPL-2.0",
    "Educational Community License, Version 2.0 (ECL-2.0)": "ECL-2.0",
    "Eiffel Forum License": ("EFL-",),
    "Eiffel Forum License (EFL)": ("EFL-",),
    "European Union Public Licence 1.0 (EUPL 1.0)": "EUPL-1.0",
    "European Union Public Licence 1.1 (EUPL 1.1)": "EUPL-1.1",
    "European Union Public Licence 1.2 (EUPL 1.2)": "EUPL-1.2",
    "Free For Educational Use": (),
    "Free For Home Use": (),
    "Free To Use But Restricted": (),
    "Free for non-commercial use": (),
    "Freely Distributable": (),
    "Freeware": (),
    "GNU Affero General Public License v3": "AGPL-3.0-only",
    "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
    "GNU Free Documentation License (FDL)": ("GFDL-",),
    "GNU General Public License (GPL)": ("GPL-",),
    "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
    "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
    # There is no Lesser GPL 2: people mean the Library GPL 2 or the Lesser GPL 2.1.
    "GNU Lesser General Public License v2 (LGPLv2)": ("LGPL-2",),
    "GNU Lesser General Public License v2 or later (LGPLv2+)": ("LGPL-2",),
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "GNU Library or Lesser General Public License (LGPL)": ("LGPL-",),
    "GUST Font License 1.0": (),
    "GUST Font License 2006-09-30": (),
    "Historical Permission Notice and Disclaimer (HPND)": "HPND",
    "IBM Public License": "IPL-1.0",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "MirOS License (MirOS)": "MirOS",
    "Motosoto License": "Motosoto",
    "Mozilla Public License 1.0 (MPL)": "MPL-1.0",
    "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Mulan Permissive Software License v2 (MulanPSL-2.0)": "MulanPSL-2.0",
    "NASA Open Source Agreement v1.3 (NASA-1.3)": "NASA-1.3",
    "Nethack General Public License": "NGPL",
    "Netscape Public License (NPL)": ("NPL-",),
    "Nokia Open Source License": "Nokia",
    "Nokia Open Source License (NOKOS)": "Nokia",
    "Open Group Test Suite License": "OGTSL",
    "Open Software License 3.0 (OSL-3.0)": "OSL-3.0",
    "Other/Proprietary License": (),
    "PostgreSQL License": "PostgreSQL",
    "Public Domain": (),
    "Python License (CNRI Python License)": "CNRI-Python",
    "Python Software Foundation License": "PSF-2.0",
    "Qt Public License (QPL)": "QPL-1.0",
    "Repoze Public License": (),
    "Ricoh Source Code Public License": "RSCPL",
    "SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1",
    "Sleepycat License": "Sleepycat",
    "Sun Public License": "SPL-1.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "Universal Permissive License (UPL)": "UPL-1.0",
    "University of Illinois/NCSA Open Source License": "NCSA",
    "Vovida Software License 1.0": "VSL-1.0",
    "W3C License": "W3C",
    "Zero-Clause BSD (0BSD)": "0BSD",
    "Zope Public License": ("ZPL-",),
    "zlib/libpng License": "Zlib",
}

# Free text of the ``License`` field that leaves nothing open, in lower case without "the", "license" and "version". The
# GNU licenses are not here: their names leave open whether later versions are meant.
_SPDX_BY_SPELLING = {
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache software 2.0": "Apache-2.0",
    "apache-2": "Apache-2.0",
    "boost software 1.0": "BSL-1.0",
    "bsd 2-clause": "BSD-2-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "bsd-2": "BSD-2-Clause",
    "bsd-3": "BSD-3-Clause",
    "2-clause bsd": "BSD-2-Clause",
    "3-clause bsd": "BSD-3-Clause",
    "isc": "ISC",
    "mit": "MIT",
    "mozilla public 2.0": "MPL-2.0",
    "mpl 2.0": "MPL-2.0",
    "unlicense": "Unlicense",
    "zlib": "Zlib",
}
_FILLERS = re.compile(r"\b(?:the|licen[cs]e|version)\b|[,()]", re.IGNORECASE)

# They say that somebody approved of the license, not which one it is.
NOT_A_LICENSE = frozenset({"", "OSI Approved", "DFSG approved"})


def spdx_from_spelling(name: str) -> str | None:
    """Return the SPDX id of a license that is named in words, ``None`` where the words leave it open.

    >>> spdx_from_spelling("Apache License, Version 2.0"), spdx_from_spelling("BSD"), spdx_from_spelling("GPLv3")
    ('Apache-2.0', None, None)
    """
    words = _FILLERS.sub(" ", re.sub(r"\bv(?=\d)", "", name)).split()
    return _SPDX_BY_SPELLING.get(" ".join(words).lower())


def license_name(classifier: str) -> str | None:
    """Return the key of a license classifier, ``None`` for a classifier that names no license.

    >>> license_name("License :: OSI Approved :: MIT License")
    'MIT License'
    """
    parts = [part.strip() for part in classifier.split("::")]
    if parts[0] != "License" or parts[-1] in {"License", *NOT_A_LICENSE}:
        return None
    return parts[-1]
