"""oms joins the apps into one running system: settings, addresses, workers, intake and demo."""
