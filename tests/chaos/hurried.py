"""The application without its refusal to start on a database that does not sync, so that the rig can meet one."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
