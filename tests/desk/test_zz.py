from tests.desk.test_fill_demo_clinic import *
from shoshin.desk.queries.today import today
from shoshin.kit.policy import Hat
from shoshin.feedback.models import Alert
@pytest.mark.parametrize("seed",[2026,*range(9)])
def test_x(db,seed):
    d=small_clinic(seed=seed)
    t=today(Hat(d.owner,("own",)),AT); print(seed,[(s.kind,s.level) for s in t.signals],[v.state for v in t.visits],len(t.alerts),Alert.objects.filter(acknowledged_at=None).count())
