using System.Text.Json.Nodes;

using Microsoft.AspNetCore.Http.Features;

using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Auditing;

/// <summary>
/// One request as a line of the audit log: upstream's Event of <c>audit.k8s.io/v1</c>, at the level Metadata and the stage ResponseComplete. A leader's fencing token is an annotation.
/// </summary>
internal static class AuditEvent
{
    /// <summary>The annotation that has <see cref="Fencing.Header"/>'s value.</summary>
    public const string FenceAnnotation = "minikube.dev/fence";

    /// <summary>Of a client that went away before it was answered, as in upstream's metrics.</summary>
    private const int ClientClosedRequest = 499;

    /// <param name="request">What was asked, and by whom.</param>
    /// <param name="received">When it came.</param>
    /// <param name="completed">When it was answered.</param>
    public static JsonObject Of(ApiRequest request, DateTimeOffset received, DateTimeOffset completed)
    {
        var (http, code) = (request.Http, CodeOf(request.Http));
        var json = new JsonObject
        {
            ["kind"] = "Event",
            ["apiVersion"] = "audit.k8s.io/v1",
            ["level"] = "Metadata",
            ["auditID"] = http.Response.Headers["Audit-Id"].ToString(),
            ["stage"] = "ResponseComplete",
            ["requestURI"] = http.Features.Get<IHttpRequestFeature>()?.RawTarget,
            ["verb"] = request.Info.Verb,
            // Who could not say who he is is nobody, not even anonymous.
            ["user"] = code == StatusCodes.Status401Unauthorized ? [] : (request.Impersonator ?? request.User).ToJson(),
        };
        if (request.Impersonator is not null)
        {
            json["impersonatedUser"] = request.User.ToJson();
        }

        json["sourceIPs"] = Sources(http);
        json["userAgent"] = http.Request.Headers.UserAgent.ToString();
        if (request.Info.IsResourceRequest)
        {
            json["objectRef"] = ReferenceOf(request);
        }

        json["responseStatus"] = StatusOf(request, code);
        json["requestReceivedTimestamp"] = Timestamps.FormatMicroTime(received);
        json["stageTimestamp"] = Timestamps.FormatMicroTime(completed);
        if (http.Request.Headers[Fencing.Header] is [{ } fence, ..])
        {
            json["annotations"] = new JsonObject { [FenceAnnotation] = fence };
        }

        return json;
    }

    private static int CodeOf(HttpContext http) =>
        http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted ? ClientClosedRequest : http.Response.StatusCode;

    private static JsonArray Sources(HttpContext http)
    {
        var addresses = http.Request.Headers["X-Forwarded-For"].SelectMany(header => (header ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return [.. addresses.Append(http.Connection.RemoteIpAddress?.ToString()).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    private static JsonObject ReferenceOf(ApiRequest request)
    {
        var (info, json) = (request.Info, new JsonObject());
        foreach (var (name, value) in ((string, string)[])
            [
                ("resource", info.Resource), ("namespace", info.Namespace), ("name", request.CreatedName ?? info.Name),
                ("apiGroup", info.Group), ("apiVersion", info.Version), ("subresource", info.Subresource),
            ])
        {
            if (value.Length > 0)
            {
                json[name] = value;
            }
        }

        return json;
    }

    private static JsonObject StatusOf(ApiRequest request, int code)
    {
        var json = new JsonObject { ["metadata"] = new JsonObject() };
        if (request.Failure is { } failure)
        {
            json["status"] = failure.Status;
            json["message"] = failure.Message;
            json["reason"] = failure.Reason;
        }

        json["code"] = code;
        return json;
    }
}
