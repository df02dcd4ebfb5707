using MiniKube.Api.Errors;
using MiniKube.Api.Meta;

namespace MiniKube.Api.Tests.Errors;

public sealed class StatusExceptionTests
{
    private static readonly GroupVersionResource Pods = new("", "v1", "pods");
    private static readonly GroupVersionResource Deployments = new("apps", "v1", "deployments");

    [Fact]
    public void NotFound_CoreResource_MatchesUpstreamBytes()
    {
        var json = StatusDocument.ToJson(StatusException.NotFound(Pods, "x").Status).ToJsonString();

        Assert.Equal(
            """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"pods \u0022x\u0022 not found","reason":"NotFound","details":{"name":"x","kind":"pods"},"code":404}""",
            json);
    }

    [Fact]
    public void Invalid_OneError_NamesItWithoutBrackets()
    {
        var exception = StatusException.Invalid(new GroupVersionKind("", "v1", "Pod"), "x", [FieldError.Required("spec.a")]);

        Assert.Equal("Pod \"x\" is invalid: spec.a: Required value", exception.Message);
        Assert.Equal(422, exception.Code);
        var cause = Assert.Single(exception.Status.Details.Causes);
        Assert.Equal(("FieldValueRequired", "Required value", "spec.a"), (cause.Reason, cause.Message, cause.Field));
    }

    [Fact]
    public void Invalid_SeveralErrors_ListsEachTextOnce()
    {
        var exception = StatusException.Invalid(
            new GroupVersionKind("apps", "v1", "Deployment"),
            "x",
            [FieldError.Required("a"), FieldError.Forbidden("b", "no"), FieldError.Required("a")]);

        Assert.Equal("Deployment.apps \"x\" is invalid: [a: Required value, b: Forbidden: no]", exception.Message);
        Assert.Equal(3, exception.Status.Details.Causes.Count);
    }

    [Fact]
    public void ResourceVersionTooLarge_Always_CarriesTheCauseClientsLookFor()
    {
        var exception = StatusException.ResourceVersionTooLarge(20, 10);

        Assert.Equal("Timeout: Too large resource version: 20, current: 10", exception.Message);
        Assert.Equal(504, exception.Code);
        Assert.Equal("ResourceVersionTooLarge", Assert.Single(exception.Status.Details.Causes).Reason);
        Assert.Equal(1, exception.Status.Details.RetryAfterSeconds);
    }

    public static TheoryData<StatusException, int, string, string> Messages => new()
    {
        { StatusException.AlreadyExists(Deployments, "x"), 409, "AlreadyExists", "deployments.apps \"x\" already exists" },
        { StatusException.Forbidden(Pods, "x", "why"), 403, "Forbidden", "pods \"x\" is forbidden: why" },
        { StatusException.Forbidden(Pods, "", "why"), 403, "Forbidden", "pods is forbidden: why" },
        { StatusException.Forbidden(new GroupVersionResource("", "", ""), "", "why"), 403, "Forbidden", "forbidden: why" },
        {
            StatusException.Modified(Deployments, "x"), 409, "Conflict",
            "Operation cannot be fulfilled on deployments.apps \"x\": the object has been modified; please apply your changes to the latest version and try again"
        },
        { StatusException.InternalError("boom"), 500, "InternalError", "Internal error occurred: boom" },
        { StatusException.NoSuchResource(), 404, "NotFound", "the server could not find the requested resource" },
        { StatusException.MethodNotAllowed(Pods, "update"), 405, "MethodNotAllowed", "update is not supported on resources of kind \"pods\"" },
        { StatusException.MethodNotAllowed(), 405, "MethodNotAllowed", "the server does not allow this method on the requested resource" },
        { StatusException.NotAcceptable("a/b", "c/d"), 406, "NotAcceptable", "only the following media types are accepted: a/b, c/d" },
        {
            StatusException.UnsupportedMediaType("a/b"), 415, "UnsupportedMediaType",
            "the body of the request was in an unknown format - accepted media types include: a/b"
        },
        { StatusException.RequestEntityTooLarge("limit is 3145728"), 413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728" },
        { StatusException.Expired("old"), 410, "Expired", "old" },
        { StatusException.Gone("old"), 410, "Gone", "old" },
        { StatusException.ServiceUnavailable("later"), 503, "ServiceUnavailable", "later" },
        { StatusException.TooManyRequests("later", 1), 429, "TooManyRequests", "later" },
        { StatusException.Unauthorized(), 401, "Unauthorized", "Unauthorized" },
        { StatusException.BadRequest("bad"), 400, "BadRequest", "bad" },
        {
            StatusException.ServerTimeout(Pods, "list", 2), 500, "ServerTimeout",
            "The list operation against pods could not be completed at this time, please try again."
        },
    };

    [Theory]
    [MemberData(nameof(Messages), DisableDiscoveryEnumeration = true)]
    public void Factory_Always_HasUpstreamsCodeReasonAndMessage(StatusException exception, int code, string reason, string message)
    {
        Assert.Equal((code, reason, message), (exception.Code, exception.Reason, exception.Message));
    }

    [Fact]
    public void Deleted_AppsKind_MatchesUpstreamBytes()
    {
        var json = StatusDocument.ToJson(StatusDocument.Deleted("apps", "deployments", "d1", "u")).ToJsonString();

        Assert.Equal(
            """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","details":{"name":"d1","group":"apps","kind":"deployments","uid":"u"}}""",
            json);
    }
}
