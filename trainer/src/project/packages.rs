//! The packages that a project is built from: those of the firmware, and those of the program.

use metaplastic_files::source_tree::SourcePackage;
use metaplastic_host::firmware::PACKAGES as FIRMWARE;

use crate::source::SOURCE;

/// Every package.
pub(super) const ALL: [SourcePackage; 12] = [
    FIRMWARE[0],
    FIRMWARE[1],
    FIRMWARE[2],
    FIRMWARE[3],
    FIRMWARE[4],
    SourcePackage { name: "metaplastic-files", folder: "trainer/files", files: metaplastic_files::SOURCE },
    SourcePackage { name: "metaplastic-task", folder: "trainer/task", files: metaplastic_task::SOURCE },
    SourcePackage { name: "metaplastic-learn", folder: "trainer/learn", files: metaplastic_learn::SOURCE },
    SourcePackage { name: "metaplastic-host", folder: "trainer/host", files: metaplastic_host::SOURCE },
    SourcePackage { name: "metaplastic-watch", folder: "trainer/watch", files: metaplastic_watch::SOURCE },
    SourcePackage { name: "metaplastic-report", folder: "trainer/report", files: metaplastic_report::SOURCE },
    SourcePackage { name: "metaplastic", folder: "trainer", files: SOURCE },
];
