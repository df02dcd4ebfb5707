using System.Globalization;
using System.Text;

using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Endpoints.Health;

/// <summary>
/// <c>/healthz</c>, <c>/livez</c> and <c>/readyz</c>: all checks, or one as <c>/readyz/etcd</c>; <c>?verbose</c> names each, <c>?exclude=etcd</c> leaves some out.
/// </summary>
internal sealed class HealthEndpoint(IReadOnlyList<HealthCheck> checks) : IPathEndpoint
{
    public async Task<bool> TryHandleAsync(ApiRequest request)
    {
        if (request.Info.Path.Split('/', StringSplitOptions.RemoveEmptyEntries) is not ([("healthz" or "livez" or "readyz") and var kind, .. { Length: <= 1 } rest]))
        {
            return false;
        }

        var relevant = checks.Where(check => kind == "readyz" || !check.OnlyReadiness).ToList();
        if (rest is [var name])
        {
            relevant = [.. relevant.Where(check => check.Name == name)];
            if (relevant.Count == 0)
            {
                return false;
            }
        }

        await WriteAsync(request, kind, relevant);
        return true;
    }

    private static async Task WriteAsync(ApiRequest request, string kind, List<HealthCheck> relevant)
    {
        var query = request.Http.Request.Query;
        var excluded = query["exclude"].SelectMany(value => (value ?? "").Split(',')).ToHashSet();
        var text = new StringBuilder();
        var isHealthy = true;
        foreach (var check in relevant)
        {
            if (excluded.Contains(check.Name))
            {
                text.Append(CultureInfo.InvariantCulture, $"[+]{check.Name} excluded: ok\n");
            }
            else if (await check.CheckAsync(request.Cancellation) is { } reason)
            {
                isHealthy = false;
                text.Append(CultureInfo.InvariantCulture, $"[-]{check.Name} failed: {reason}\n");
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"[+]{check.Name} ok\n");
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"{kind} check {(isHealthy ? "passed" : "failed")}\n");
        var answer = isHealthy && !query.ContainsKey("verbose") ? "ok" : text.ToString();
        await Answer.WriteAsync(
            request, isHealthy ? StatusCodes.Status200OK : StatusCodes.Status500InternalServerError, "text/plain; charset=utf-8", [Encoding.UTF8.GetBytes(answer)]);
    }
}
