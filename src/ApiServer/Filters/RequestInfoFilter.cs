namespace MiniKube.ApiServer.Filters;

/// <summary>Reads what is asked for, and gives the answer its headers: an Audit-Id (the client's own if it sent one) and no caching.</summary>
internal sealed class RequestInfoFilter : IFilter
{
    private const string AuditId = "Audit-Id";
    private const int LongestAuditId = 64;

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers[AuditId] = context.Request.Headers[AuditId].ToString() is { Length: > 0 and <= LongestAuditId } given ? given : Guid.NewGuid().ToString();
        headers.CacheControl = "no-cache, private";
        context.Features.Set(new ApiRequest(context, RequestInfoParser.Parse(context.Request)));
        return next(context);
    }
}
