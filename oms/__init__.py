"""oms joins the apps into one running system: settings, URLs, workers, intake, demo; nobody imports it."""
