"""Addresses of the review, its profile, submissions, selection, members and audit."""

from django.urls import path
from django.urls.resolvers import URLPattern

from cases.views.audit import audit
from cases.views.home import home
from cases.views.members import member_end, members
from cases.views.overview import overview
from cases.views.profile import profile, profile_change
from cases.views.reviews import review_create, review_settings, review_stage

urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("reviews/new/", review_create, name="review_create"),
    path("reviews/<slug:review_slug>/", overview, name="review"),
    path("reviews/<slug:review_slug>/settings/", review_settings, name="review_settings"),
    path("reviews/<slug:review_slug>/stage/<slug:stage>/", review_stage, name="review_stage"),
    path("reviews/<slug:review_slug>/profile/", profile, name="profile"),
    path("reviews/<slug:review_slug>/profile/change/", profile_change, name="profile_change"),
    path("reviews/<slug:review_slug>/members/", members, name="members"),
    path("reviews/<slug:review_slug>/members/<int:pk>/end/", member_end, name="member_end"),
    path("reviews/<slug:review_slug>/audit/", audit, name="audit"),
]
