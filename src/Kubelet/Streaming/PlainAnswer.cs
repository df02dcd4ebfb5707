namespace MiniKube.Kubelet.Streaming;

/// <summary>Answers in plain text, as the kubelet's are.</summary>
internal static class PlainAnswer
{
    public static Task RefuseAsync(HttpContext context, int code, string message)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(message, context.RequestAborted);
    }
}
