using System.Globalization;
using System.Text;

using MiniKube.Api.Errors;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Metrics;

namespace MiniKube.ApiServer.Endpoints.Health;

/// <summary>
/// <c>/healthz</c>, <c>/livez</c> and <c>/readyz</c>: all checks, or one as <c>/readyz/etcd</c>; <c>?verbose</c> names each, <c>?exclude=etcd</c> leaves some out.
/// Why a check failed is said only where it is asked for by name: the others are for everybody.
/// </summary>
internal sealed class HealthEndpoint(IReadOnlyList<HealthCheck> checks) : IPathEndpoint
{
    private static readonly string[] Roots = ["healthz", "livez", "readyz"];

    /// <summary>Every path that is answered here.</summary>
    public IEnumerable<string> Paths => Roots.SelectMany(root => ChecksOf(root).Select(check => $"/{root}/{check.Name}").Prepend($"/{root}"));

    public async Task<bool> TryHandleAsync(ApiRequest request)
    {
        if (request.Info.Path.Split('/', StringSplitOptions.RemoveEmptyEntries) is not [var root, .. var name] || !Roots.Contains(root))
        {
            return false;
        }

        var relevant = ChecksOf(root).ToList();
        if (name.Length == 0)
        {
            RequestMetrics.Begin(request, $"/{root}");
            await WriteAllAsync(request, root, relevant);
            return true;
        }

        if (relevant.Find(check => check.Name == string.Join('/', name)) is not { } asked)
        {
            return false;
        }

        await (await asked.CheckAsync(request.Cancellation) is { } reason
            ? Answer.WriteTextAsync(request, StatusCodes.Status500InternalServerError, $"internal server error: {reason}\n")
            : Answer.WriteTextAsync(request, StatusCodes.Status200OK, "ok"));
        return true;
    }

    private IEnumerable<HealthCheck> ChecksOf(string root) => checks.Where(check => root == "readyz" || !check.OnlyReadiness);

    private static async Task WriteAllAsync(ApiRequest request, string root, List<HealthCheck> relevant)
    {
        var query = request.Http.Request.Query;
        var excluded = query["exclude"].Where(name => !string.IsNullOrEmpty(name)).OfType<string>().ToHashSet();
        var text = new StringBuilder();
        var isHealthy = true;
        foreach (var check in relevant)
        {
            if (excluded.Remove(check.Name))
            {
                text.Append(CultureInfo.InvariantCulture, $"[+]{check.Name} excluded: ok\n");
                continue;
            }

            var isWell = await check.CheckAsync(request.Cancellation) is null;
            isHealthy &= isWell;
            text.Append(CultureInfo.InvariantCulture, $"{(isWell ? "[+]" : "[-]")}{check.Name} {(isWell ? "ok" : "failed: reason withheld")}\n");
        }

        if (excluded.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"warn: some health checks cannot be excluded: no matches for {string.Join(", ", excluded.Select(GoText.Quote))}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{root} check {(isHealthy ? "passed" : "failed")}\n");
        await Answer.WriteTextAsync(
            request,
            isHealthy ? StatusCodes.Status200OK : StatusCodes.Status500InternalServerError,
            isHealthy && !query.ContainsKey("verbose") ? "ok" : text.ToString());
    }
}
