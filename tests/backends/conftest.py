from tests.models import model_file as model_file
