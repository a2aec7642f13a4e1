from tests.service.test_api_pictures import *
def test_x(filled_desk, papers):
    for r in filled_desk.office.catalogue.records(): print(r)
    print(system(filled_desk).get("/v1/records").json())
    assert 0
