namespace MiniKube.ApiServer.Filters;

/// <summary>One step that every request passes.</summary>
internal interface IFilter
{
    Task InvokeAsync(HttpContext context, RequestDelegate next);
}
