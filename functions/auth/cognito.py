"""The user pool: checks and keeps passwords, mails reset codes. Its tokens are dropped where they arrive."""

import secrets
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from shared.errors import DomainError
from shared.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import AttributeTypeTypeDef

_REFUSED: Final = (
    "NotAuthorizedException",
    "UserNotFoundException",
    "UserNotConfirmedException",
    "PasswordResetRequiredException",
    "InvalidPasswordException",
    "InvalidParameterException",
)
_WRONG_CODE: Final = (
    "CodeMismatchException",
    "ExpiredCodeException",
    "UserNotFoundException",
    "NotAuthorizedException",
    "UserNotConfirmedException",
    "InvalidParameterException",
    "TooManyFailedAttemptsException",
    "LimitExceededException",
)


@cache
def client() -> "CognitoIdentityProviderClient":
    import boto3
    from botocore.config import Config

    config = Config(connect_timeout=2, read_timeout=6, retries={"mode": "standard", "total_max_attempts": 3})
    return boto3.client("cognito-idp", config=config)


def user_name(organisation_id: str, person_id: str) -> str:
    """The person's name in the pool. It holds the organisation, so nobody can enrol over another organisation's person."""
    return f"{organisation_id}.{person_id}"


def check_password(user: str, password: str) -> bool:
    """Whether the password is the user's. Raises `sign_in_unavailable` (503) where the pool does not answer."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = client().admin_initiate_auth(
            UserPoolId=settings().need("user_pool"),
            ClientId=settings().need("user_pool_client"),
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user, "PASSWORD": password},
        )
    except ClientError as error:
        if _code(error) in _REFUSED:
            return False
        raise unavailable() from error
    except BotoCoreError as error:
        raise unavailable() from error
    # A challenge (a temporary password) is no sign-in: such users do not exist here but for an enrolment cut short.
    return "AuthenticationResult" in answer


def mail_reset_code(user: str) -> None:
    """Mail a reset code; an unknown user is passed over in silence."""
    from botocore.exceptions import ClientError

    try:
        client().forgot_password(ClientId=settings().need("user_pool_client"), Username=user)
    except ClientError as error:
        # LimitExceeded is Cognito's own limit of mails per user: to the outside it looks as if the mail had gone.
        if _code(error) not in {*_REFUSED, "LimitExceededException"}:
            raise


def use_reset_code(user: str, code: str, password: str) -> bool:
    """Set the password with a mailed code; False where the code is wrong, used or expired, or the user unknown."""
    from botocore.exceptions import ClientError

    try:
        client().confirm_forgot_password(
            ClientId=settings().need("user_pool_client"), Username=user, ConfirmationCode=code, Password=password
        )
    except ClientError as error:
        if _code(error) in _WRONG_CODE:
            return False
        raise unavailable() from error
    return True


def set_password(user: str, password: str) -> None:
    """Set the user's password for good. Safe to repeat."""
    client().admin_set_user_password(
        UserPoolId=settings().need("user_pool"), Username=user, Password=password, Permanent=True
    )


def ensure_user(user: str, email: str) -> None:
    """The user exists with this verified e-mail and, if new, a password that nobody knows. Safe to repeat.

    The password makes the user CONFIRMED, and only such a user can ask for a reset code. No mail goes out.
    """
    pool = settings().need("user_pool")
    attributes: list[AttributeTypeTypeDef] = [
        {"Name": "email", "Value": email},
        {"Name": "email_verified", "Value": "true"},
    ]
    try:
        client().admin_create_user(UserPoolId=pool, Username=user, UserAttributes=attributes, MessageAction="SUPPRESS")
    except client().exceptions.UsernameExistsException:
        client().admin_update_user_attributes(UserPoolId=pool, Username=user, UserAttributes=attributes)
        if client().admin_get_user(UserPoolId=pool, Username=user)["UserStatus"] != "FORCE_CHANGE_PASSWORD":
            return
    set_password(user, unguessable_password())


def unguessable_password() -> str:
    """A password that satisfies any policy and that nobody will ever know."""
    return f"aA1!{secrets.token_urlsafe(32)}"


def unavailable() -> DomainError:
    return DomainError("sign_in_unavailable", HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "5"})


def _code(error: Exception) -> str:
    response = getattr(error, "response", {})
    return str(response.get("Error", {}).get("Code", ""))
