using k8s.Models;

using MiniKube.Api.Meta;

namespace MiniKube.Api.Errors;

/// <summary>
/// The only exception that a client sees: it carries the Status object to answer with. One factory a Status reason, with upstream's codes,
/// messages and details (apimachinery's api/errors).
/// </summary>
public sealed class StatusException(V1Status status) : Exception(status.Message)
{
    public V1Status Status { get; } = status;

    public int Code => Status.Code ?? 500;

    public string Reason => Status.Reason ?? "";

    public static StatusException BadRequest(string message) => New(400, "BadRequest", message);

    public static StatusException Unauthorized(string message = "Unauthorized") => New(401, "Unauthorized", message);

    /// <summary>The message names the resource, and the object when there is one: <c>pods "a" is forbidden: why</c>.</summary>
    public static StatusException Forbidden(GroupVersionResource resource, string name, string why)
    {
        var subject = (resource.Resource.Length, name.Length) switch
        {
            (0, _) => "forbidden",
            (_, 0) => $"{resource.GroupResource} is forbidden",
            _ => $"{resource.GroupResource} {GoText.Quote(name)} is forbidden",
        };
        return New(403, "Forbidden", $"{subject}: {why}", Details(resource, name));
    }

    public static StatusException NotFound(GroupVersionResource resource, string name) =>
        New(404, "NotFound", $"{resource.GroupResource} {GoText.Quote(name)} not found", Details(resource, name));

    /// <summary>No such path, group or resource.</summary>
    public static StatusException NoSuchResource() =>
        New(404, "NotFound", "the server could not find the requested resource", new V1StatusDetails());

    public static StatusException MethodNotAllowed(GroupVersionResource resource, string action) => New(
        405, "MethodNotAllowed", $"{action} is not supported on resources of kind {GoText.Quote(resource.GroupResource)}", Details(resource, ""));

    /// <summary>The path exists, the HTTP method is not for it.</summary>
    public static StatusException MethodNotAllowed() =>
        New(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", new V1StatusDetails());

    public static StatusException NotAcceptable(params IEnumerable<string> accepted) => New(
        406, "NotAcceptable", $"only the following media types are accepted: {string.Join(", ", accepted)}");

    public static StatusException AlreadyExists(GroupVersionResource resource, string name) =>
        New(409, "AlreadyExists", $"{resource.GroupResource} {GoText.Quote(name)} already exists", Details(resource, name));

    /// <summary>Every name made of a generateName was taken.</summary>
    public static StatusException GenerateNameConflict(GroupVersionResource resource, string name, int retryAfterSeconds) => New(
        409,
        "AlreadyExists",
        $"{resource.GroupResource} {GoText.Quote(name)} already exists, the server was not able to generate a unique name for the object",
        Details(resource, name, retryAfterSeconds));

    public static StatusException Conflict(GroupVersionResource resource, string name, string why) => New(
        409, "Conflict", $"Operation cannot be fulfilled on {resource.GroupResource} {GoText.Quote(name)}: {why}", Details(resource, name));

    /// <summary>The write was made from an old state of the object.</summary>
    public static StatusException Modified(GroupVersionResource resource, string name) => Conflict(
        resource, name, "the object has been modified; please apply your changes to the latest version and try again");

    /// <summary>Server-side apply meets fields of other managers.</summary>
    public static StatusException ApplyConflict(string message, IEnumerable<FieldError> causes) =>
        New(409, "Conflict", message, new V1StatusDetails { Causes = Causes(causes) });

    /// <summary>A resource version or continue token is too old.</summary>
    public static StatusException Expired(string message) => New(410, "Expired", message);

    public static StatusException Gone(string message) => New(410, "Gone", message);

    public static StatusException RequestEntityTooLarge(string message) =>
        New(413, "RequestEntityTooLarge", $"Request entity too large: {message}");

    public static StatusException UnsupportedMediaType(params IEnumerable<string> accepted) => New(
        415,
        "UnsupportedMediaType",
        $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", accepted)}");

    /// <summary>The object breaks rules of its kind: <c>Deployment.apps "x" is invalid: spec.a: Required value</c>, several in brackets.</summary>
    public static StatusException Invalid(GroupVersionKind kind, string name, IReadOnlyCollection<FieldError> errors)
    {
        var subject = kind.Group.Length == 0 ? kind.Kind : $"{kind.Kind}.{kind.Group}";
        var texts = errors.Select(error => error.ToString()).Distinct(StringComparer.Ordinal).ToList();
        var list = texts.Count switch
        {
            0 => "",
            1 => $": {texts[0]}",
            _ => $": [{string.Join(", ", texts)}]",
        };
        return New(422, "Invalid", $"{subject} {GoText.Quote(name)} is invalid{list}", new V1StatusDetails
        {
            Name = name,
            Group = kind.Group,
            Kind = kind.Kind,
            Causes = Causes(errors),
        });
    }

    /// <summary>A patch that cannot be applied. Upstream tells the client no more than this.</summary>
    public static StatusException Unprocessable() =>
        New(422, "Invalid", "the server rejected our request due to an error in our request", new V1StatusDetails());

    public static StatusException TooManyRequests(string message, int retryAfterSeconds) =>
        New(429, "TooManyRequests", message, new V1StatusDetails { RetryAfterSeconds = retryAfterSeconds });

    public static StatusException InternalError(string message) => New(
        500,
        "InternalError",
        $"Internal error occurred: {message}",
        new V1StatusDetails { Causes = [new V1StatusCause { Message = message }] });

    /// <summary>The operation may succeed when tried again.</summary>
    public static StatusException ServerTimeout(GroupVersionResource resource, string operation, int retryAfterSeconds) => New(
        500,
        "ServerTimeout",
        $"The {operation} operation against {resource.GroupResource} could not be completed at this time, please try again.",
        Details(resource, operation, retryAfterSeconds));

    /// <summary>A failure that upstream gives no reason for: code 500 and the bare message.</summary>
    public static StatusException Unclassified(string message) => New(500, "", message);

    /// <summary>Some of what the store holds of a resource cannot be read; the causes name it.</summary>
    public static StatusException StorageReadError(GroupVersionResource resource, string prefix, IList<V1StatusCause> causes) => New(
        500,
        "StorageReadError",
        $"failed to read one or more {resource.GroupResource} from the storage",
        new V1StatusDetails { Group = resource.Group, Kind = resource.Resource, Name = prefix, Causes = causes });

    public static StatusException ServiceUnavailable(string message) => New(503, "ServiceUnavailable", message);

    public static StatusException Timeout(string message, int retryAfterSeconds) =>
        New(504, "Timeout", $"Timeout: {message}", new V1StatusDetails { RetryAfterSeconds = retryAfterSeconds });

    /// <summary>The client asked for a resource version that this server has not seen yet.</summary>
    public static StatusException ResourceVersionTooLarge(long wanted, long current, int retryAfterSeconds = 1)
    {
        var exception = Timeout($"Too large resource version: {wanted}, current: {current}", retryAfterSeconds);
        exception.Status.Details.Causes =
            [new V1StatusCause { Reason = "ResourceVersionTooLarge", Message = "Too large resource version" }];
        return exception;
    }

    private static StatusException New(int code, string reason, string message, V1StatusDetails? details = null) => new(new V1Status
    {
        ApiVersion = "v1",
        Kind = "Status",
        Metadata = new V1ListMeta(),
        Status = "Failure",
        Message = message,
        Reason = reason,
        Details = details,
        Code = code,
    });

    private static V1StatusDetails Details(GroupVersionResource resource, string name, int? retryAfterSeconds = null) => new()
    {
        Name = name,
        Group = resource.Group,
        Kind = resource.Resource,
        RetryAfterSeconds = retryAfterSeconds,
    };

    private static List<V1StatusCause> Causes(IEnumerable<FieldError> errors) =>
        [.. errors.Select(error => new V1StatusCause { Reason = error.Reason, Message = error.Message, Field = error.Field })];
}
