namespace MiniKube.Api.Errors;

/// <summary>One reason why an object is invalid; becomes a cause in a 422 Status.</summary>
/// <param name="Reason">A cause type of upstream, such as <c>FieldValueRequired</c>.</param>
/// <param name="Field">The path, such as <c>spec.containers[0].name</c>.</param>
/// <param name="Message">What follows the path in the message, such as <c>Required value</c>.</param>
public sealed record FieldError(string Reason, string Field, string Message);
