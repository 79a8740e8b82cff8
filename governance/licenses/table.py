"""The license table: which class each license belongs to, and what it asks for, as data.

The facts are those of somebody who copies source text into another program, not those of a mere user. They were
checked, license by license, against the categories of ScanCode's license database, which comes with
``license-expression``: a test refuses a row that is milder than ScanCode's, but for a list with reasons.
A license that stands in no row is unknown, whatever its name suggests. Obligations are facts, not advice.
"""

from enum import StrEnum


class LicenseClass(StrEnum):
    """How far a license reaches, mildest first."""

    UNCONDITIONAL = "unconditional"  # asks for nothing: dedications to the public domain, MIT-0, 0BSD
    PERMISSIVE = "permissive"  # asks for notices
    WEAK_COPYLEFT = "weak-copyleft"  # the file or the library stays under the license
    STRONG_COPYLEFT = "strong-copyleft"  # the whole work comes under the license
    NETWORK_COPYLEFT = "network-copyleft"  # as strong, and use over a network counts as distribution
    RESTRICTED = "restricted"  # limits who may use it, or for what
    UNKNOWN = "unknown"  # no row in the table, or nothing recorded


class Obligation(StrEnum):
    """What keeping the text asks for, in the order in which reports list it."""

    ATTRIBUTION = "attribution"  # keep the copyright lines
    LICENSE_TEXT = "license-text"  # pass on the license text
    NOTICE_FILE = "notice-file"  # pass on the NOTICE file, where there is one
    STATE_CHANGES = "state-changes"  # mark what was changed
    NO_ENDORSEMENT = "no-endorsement"  # do not advertise with the authors' names
    ADVERTISING_CREDIT = "advertising-credit"  # name the authors in advertising or in the documentation
    RENAME_CHANGED = "rename-changed"  # changed versions need another name
    PATENT_TERMINATION = "patent-termination"  # the patent grant ends for those who sue over patents
    SOURCE_DISCLOSURE = "source-disclosure"  # offer the source
    SAME_LICENSE = "same-license"  # pass it on under the same license
    NETWORK_SOURCE = "network-source"  # offer the source to users over a network
    USE_RESTRICTIONS = "use-restrictions"  # some uses or users are excluded
    NONCOMMERCIAL = "noncommercial"  # no commercial use
    NO_DERIVATIVES = "no-derivatives"  # no changed versions


_NOTICE = "attribution license-text"
_SHARE = "attribution license-text patent-termination source-disclosure same-license"
_SHARE_MARKED = "attribution license-text state-changes source-disclosure same-license"
_SHARE_MARKED_PATENT = f"{_SHARE_MARKED} patent-termination"

# For each class, rows of obligations and of the SPDX ids that share them.
ROWS: dict[LicenseClass, tuple[tuple[str, str], ...]] = {
    LicenseClass.UNCONDITIONAL: (
        (
            "",
            """
            0BSD CC-PDDC CC-PDM-1.0 CC0-1.0 FSFUL LZMA-SDK-9.22 MIT-0 NCBI-PD NIST-PD NTIA-PD PDDL-1.0 SAX-PD
            SAX-PD-2.0 Unlicense WTFPL blessing diffmark libselinux-1.0
            """,
        ),
    ),
    LicenseClass.PERMISSIVE: (
        ("license-text", "BlueOak-1.0.0 CDLA-Permissive-2.0 Fair"),
        (
            _NOTICE,
            """
            Adobe-Glyph BSD-1-Clause BSD-2-Clause BSD-2-Clause-Darwin BSD-2-Clause-Patent BSD-2-Clause-Views
            BSL-1.0 Beerware Boehm-GC EFL-2.0 FSFAP FSFULLR FSFULLRWD ISC ISC-Veillard Kazlib Linux-OpenIB MIT
            MIT-Modern-Variant MirOS NIST-PD-fallback ODC-By-1.0 PostgreSQL SunPro TCL TCP-wrappers UPL-1.0
            Xnet dtoa mpich2
            """,
        ),
        (
            f"{_NOTICE} no-endorsement",
            """
            AML AMPAS BSD-3-Clause BSD-3-Clause-Clear BSD-3-Clause-HP BSD-3-Clause-LBNL
            BSD-3-Clause-No-Nuclear-Warranty BSD-3-Clause-Open-MPI BSD-3-Clause-Sun BSD-3-Clause-acpica
            BSD-3-Clause-flex BSD-Source-Code DEC-3-Clause HPND HPND-sell-variant ICU Intel JasPer-2.0 MIT-CMU
            MIT-open-group NAIST-2003 NCSA NTP NetCDF OGL-UK-3.0 OLDAP-2.7 OLDAP-2.8 SGI-B-2.0 SMLNJ
            Unicode-3.0 Unicode-DFS-2015 Unicode-DFS-2016 X11 X11-distribute-modifications-variant curl
            libtiff
            """,
        ),
        (
            f"{_NOTICE} state-changes",
            """
            CNRI-Jython CNRI-Python CNRI-Python-GPL-Compatible ImageMagick Leptonica Libpng MITNFA
            NIST-Software PSF-2.0 Python-2.0 Python-2.0.1 Spencer-86 Spencer-94 Zlib libpng-2.0
            """,
        ),
        (
            f"{_NOTICE} state-changes no-endorsement",
            """
            CC-BY-1.0 CC-BY-2.0 CC-BY-2.5 CC-BY-3.0 CC-BY-4.0 HDF5 W3C W3C-19980720 W3C-20150513 ZPL-2.0
            ZPL-2.1 bzip2-1.0.6
            """,
        ),
        (f"{_NOTICE} notice-file state-changes patent-termination", "Apache-2.0 ECL-2.0 SHL-0.5 SHL-0.51"),
        (f"{_NOTICE} state-changes no-endorsement patent-termination", "AFL-2.0 AFL-2.1 AFL-3.0"),
        (f"{_NOTICE} patent-termination", "MulanPSL-1.0 MulanPSL-2.0"),
        (f"{_NOTICE} no-endorsement rename-changed", "Bitstream-Vera VSL-1.0"),
        (f"{_NOTICE} advertising-credit", "FTL MIT-enna MIT-feh RSA-MD zlib-acknowledgement"),
        (f"{_NOTICE} state-changes advertising-credit", "IJG"),
        (
            f"{_NOTICE} no-endorsement advertising-credit",
            """
            AAL BSD-3-Clause-Attribution BSD-4-Clause BSD-4-Clause-Shortened BSD-4-Clause-UC BSD-4.3TAHOE
            MIT-advertising SSLeay-standalone XFree86-1.1 ZPL-1.1 Zend-2.0
            """,
        ),
        (
            f"{_NOTICE} no-endorsement advertising-credit rename-changed",
            """
            Apache-1.0 Apache-1.1 OpenSSL OpenSSL-standalone PHP-3.0 PHP-3.01 Xdebug-1.03
            """,
        ),
    ),
    LicenseClass.WEAK_COPYLEFT: (
        (f"{_NOTICE} patent-termination same-license", "MS-PL"),
        (f"{_NOTICE} rename-changed same-license", "OFL-1.0 OFL-1.1 OFL-1.1-RFN OFL-1.1-no-RFN"),
        (f"{_NOTICE} state-changes rename-changed", "LPPL-1.3a LPPL-1.3c"),
        (f"{_NOTICE} state-changes source-disclosure", "Imlib2 Qhull Vim"),
        (
            f"{_NOTICE} state-changes rename-changed source-disclosure",
            """
            Artistic-1.0 Artistic-1.0-Perl Artistic-1.0-cl8 ClArtistic Ruby
            """,
        ),
        (f"{_NOTICE} state-changes rename-changed patent-termination source-disclosure", "Artistic-2.0"),
        (
            _SHARE,
            """
            CPL-1.0 EPL-1.0 EPL-2.0 IPL-1.0 LPL-1.02 MPL-2.0 MPL-2.0-no-copyleft-exception MS-RL OSET-PL-2.1
            """,
        ),
        (
            _SHARE_MARKED,
            """
            CECILL-C CERN-OHL-W-2.0 LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1-only LGPL-2.1-or-later LGPLLR
            LiLiQ-R-1.1 MPL-1.0 NPL-1.0 gSOAP-1.3b wxWindows
            """,
        ),
        (
            _SHARE_MARKED_PATENT,
            """
            CDDL-1.0 CDDL-1.1 CUA-OPL-1.0 LGPL-3.0-only LGPL-3.0-or-later MPL-1.1 NASA-1.3 NPL-1.1 Nokia
            SPL-1.0
            """,
        ),
    ),
    LicenseClass.STRONG_COPYLEFT: (
        (
            f"{_NOTICE} state-changes same-license",
            """
            CC-BY-SA-1.0 CC-BY-SA-2.0 CC-BY-SA-2.5 CC-BY-SA-3.0 CC-BY-SA-4.0 LAL-1.3 ODbL-1.0
            """,
        ),
        (
            _SHARE_MARKED,
            """
            CECILL-1.0 CECILL-1.1 CECILL-2.0 CECILL-2.1 CERN-OHL-S-2.0 D-FSL-1.0 GFDL-1.1-only
            GFDL-1.1-or-later GFDL-1.2-only GFDL-1.2-or-later GFDL-1.3-only GFDL-1.3-or-later GPL-1.0-only
            GPL-1.0-or-later GPL-2.0-only GPL-2.0-or-later IPA LiLiQ-Rplus-1.1 Parity-6.0.0 Parity-7.0.0
            QPL-1.0 SMAIL-GPL SimPL-2.0 Sleepycat LicenseRef-scancode-other-copyleft copyleft-next-0.3.0
            """,
        ),
        (_SHARE_MARKED_PATENT, "ErlPL-1.1 GPL-3.0-only GPL-3.0-or-later copyleft-next-0.3.1"),
    ),
    LicenseClass.NETWORK_COPYLEFT: (
        (f"{_SHARE_MARKED} network-source", "AGPL-1.0-only AGPL-1.0-or-later EUPL-1.0 EUPL-1.1 EUPL-1.2"),
        (
            f"{_SHARE_MARKED_PATENT} network-source",
            """
            AGPL-3.0-only AGPL-3.0-or-later APSL-1.2 APSL-2.0 CAL-1.0 CAL-1.0-Combined-Work-Exception CPAL-1.0
            NPOSL-3.0 OSL-1.0 OSL-2.0 OSL-2.1 OSL-3.0 RPL-1.1 RPL-1.5 RPSL-1.0 SSPL-1.0
            """,
        ),
    ),
    LicenseClass.RESTRICTED: (
        (
            f"{_NOTICE} use-restrictions",
            """
            BSD-3-Clause-No-Military-License BSD-3-Clause-No-Nuclear-License
            BSD-3-Clause-No-Nuclear-License-2014 BUSL-1.1 CPOL-1.02 Elastic-2.0 FSL-1.1-ALv2 FSL-1.1-MIT
            Hippocratic-2.1 JSON PolyForm-Small-Business-1.0.0 SUL-1.0
            LicenseRef-scancode-bigcode-open-rail-m-v1 LicenseRef-scancode-bigscience-open-rail-m
            LicenseRef-scancode-commercial-license LicenseRef-scancode-llama-license-2023
            LicenseRef-scancode-proprietary-license
            """,
        ),
        (
            f"{_NOTICE} state-changes noncommercial",
            """
            Aladdin CC-BY-NC-1.0 CC-BY-NC-2.0 CC-BY-NC-2.5 CC-BY-NC-3.0 CC-BY-NC-4.0 NCGL-UK-2.0
            PolyForm-Noncommercial-1.0.0
            """,
        ),
        (
            f"{_NOTICE} state-changes same-license noncommercial",
            """
            CC-BY-NC-SA-1.0 CC-BY-NC-SA-2.0 CC-BY-NC-SA-2.5 CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0
            """,
        ),
        (f"{_NOTICE} no-derivatives", "CC-BY-ND-1.0 CC-BY-ND-2.0 CC-BY-ND-2.5 CC-BY-ND-3.0 CC-BY-ND-4.0"),
        (
            f"{_NOTICE} noncommercial no-derivatives",
            """
            CC-BY-NC-ND-1.0 CC-BY-NC-ND-2.0 CC-BY-NC-ND-2.5 CC-BY-NC-ND-3.0 CC-BY-NC-ND-4.0
            """,
        ),
    ),
}
