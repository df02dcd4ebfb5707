using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>Reads DeleteOptions from the body or, when there is none, from the query.</summary>
internal static class DeleteOptionsReader
{
    private static readonly GroupVersionKind Kind = new("", "v1", "DeleteOptions");
    private static readonly GroupVersionKind InvalidKind = new("meta.k8s.io", "v1", "DeleteOptions");

    private const string IgnoreReadErrors = "ignoreStoreReadErrorWithClusterBreakingPotential";

    public static async ValueTask<DeleteOptions> ReadAsync(ApiRequest request)
    {
        var body = await RequestBody.ReadAsync(request.Http.Request, request.Cancellation);
        var query = request.Http.Request.Query;
        var options = body.Length > 0 ? FromJson(BodyDecoder.DecodeOptions(body.Span, request.Http.Request.ContentType, Kind)) : FromQuery(query);
        return Check(options with { DryRun = options.DryRun || WriteQuery.IsDryRun(query["dryRun"], "DeleteOptions") });
    }

    /// <summary>Options that are at hand as JSON: those inside an Eviction.</summary>
    public static DeleteOptions FromJson(JsonObject json)
    {
        return Check(new DeleteOptions
        {
            GracePeriodSeconds = json.IntegerAt("gracePeriodSeconds"),
            Uid = json.StringAt("preconditions", "uid"),
            ResourceVersion = json.StringAt("preconditions", "resourceVersion"),
            PropagationPolicy = json.StringAt("propagationPolicy"),
            OrphanDependents = json.BooleanAt("orphanDependents"),
            IgnoresReadErrors = json.BooleanAt(IgnoreReadErrors) == true,
            DryRun = json["dryRun"] is JsonArray { Count: > 0 } values
                && WriteQuery.IsDryRun(values.Select(value => value?.ToString()).ToArray(), "DeleteOptions"),
        });
    }

    private static DeleteOptions FromQuery(IQueryCollection query) => new()
    {
        GracePeriodSeconds = query["gracePeriodSeconds"].ToString() is { Length: > 0 } text ? ParseSeconds(text) : null,
        PropagationPolicy = query["propagationPolicy"].ToString() is { Length: > 0 } policy ? policy : null,
        OrphanDependents = query.ContainsKey("orphanDependents") ? QueryBoolean.Read(query, "orphanDependents") : null,
        IgnoresReadErrors = query.ContainsKey(IgnoreReadErrors) && QueryBoolean.Read(query, IgnoreReadErrors),
    };

    private static long ParseSeconds(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : throw StatusException.BadRequest($"strconv.ParseInt: parsing {GoText.Quote(text)}: invalid syntax");

    private static DeleteOptions Check(DeleteOptions options)
    {
        var errors = Validate(options).ToList();
        return errors.Count == 0 ? options : throw StatusException.Invalid(InvalidKind, "", errors);
    }

    private static IEnumerable<FieldError> Validate(DeleteOptions options)
    {
        if (options is { PropagationPolicy: not null, OrphanDependents: not null })
        {
            yield return FieldError.Invalid(
                "propagationPolicy", options.PropagationPolicy, "orphanDependents and deletionPropagation cannot be both set");
        }

        if (options.PropagationPolicy is not (null or "Orphan" or "Background" or "Foreground"))
        {
            yield return FieldError.NotSupported("propagationPolicy", options.PropagationPolicy, "Foreground", "Background", "Orphan", "nil");
        }

        if (options.IgnoresReadErrors)
        {
            (string Name, bool IsSet)[] others =
            [
                ("dryRun", options.DryRun),
                ("propagationPolicy", options.PropagationPolicy is not null),
                ("orphanDependents", options.OrphanDependents is not null),
                ("gracePeriodSeconds", options.GracePeriodSeconds is not null),
                ("preconditions", options.Uid is not null || options.ResourceVersion is not null),
            ];
            foreach (var (name, _) in others.Where(other => other.IsSet))
            {
                yield return FieldError.Invalid(IgnoreReadErrors, true, $"cannot be set together with .{name}");
            }
        }
    }
}
