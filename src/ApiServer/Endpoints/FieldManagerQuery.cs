using System.Globalization;
using System.Text;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>Reads who writes: the query's <c>fieldManager</c>, else the first word of the User-Agent.</summary>
internal static class FieldManagerQuery
{
    private const string Parameter = "fieldManager";
    private const int Longest = 128;

    /// <summary>The manager's name; empty for a client that does not say who it is.</summary>
    public static string Read(HttpRequest request, string optionsKind)
    {
        var given = Given(request);
        var errors = Validate(given).ToList();
        return errors.Count > 0 ? throw Invalid(optionsKind, errors)
            : given.Length > 0 ? given
            : OfUserAgent(request.Headers.UserAgent.ToString());
    }

    /// <summary>An apply must say who applies.</summary>
    public static void Require(HttpRequest request)
    {
        if (Given(request).Length == 0)
        {
            throw Invalid("PatchOptions", [FieldError.Required(Parameter, "is required for apply patch")]);
        }
    }

    public static StatusException Invalid(string optionsKind, IReadOnlyCollection<FieldError> errors) =>
        StatusException.Invalid(new GroupVersionKind("meta.k8s.io", "v1", optionsKind), "", errors);

    private static string Given(HttpRequest request) => request.Query[Parameter] is [{ } first, ..] ? first : "";

    private static IEnumerable<FieldError> Validate(string manager)
    {
        if (Encoding.UTF8.GetByteCount(manager) > Longest)
        {
            yield return FieldError.TooLong(Parameter, Longest);
        }

        var position = 0;
        foreach (var rune in manager.EnumerateRunes())
        {
            if (!GoText.IsPrintable(rune))
            {
                var code = rune.Value.ToString("X4", CultureInfo.InvariantCulture);
                yield return FieldError.Invalid(Parameter, manager, $"invalid character U+{code} (at position {position})");
            }

            position += rune.Utf8SequenceLength;
        }
    }

    private static string OfUserAgent(string userAgent)
    {
        var name = new StringBuilder();
        var length = 0;
        foreach (var rune in userAgent.AsSpan(0, userAgent.AsSpan().IndexOf('/') is var slash and >= 0 ? slash : userAgent.Length).EnumerateRunes())
        {
            if (GoText.IsPrintable(rune) && (length += rune.Utf8SequenceLength) <= Longest)
            {
                name.Append(rune);
            }
        }

        return name.ToString();
    }
}
