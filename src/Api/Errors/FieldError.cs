namespace MiniKube.Api.Errors;

/// <summary>One reason why an object is invalid; becomes a cause in a 422 Status. The factories give upstream's texts (field.Error).</summary>
/// <param name="Reason">A cause type of upstream, such as <c>FieldValueRequired</c>.</param>
/// <param name="Field">The path, such as <c>spec.containers[0].name</c>.</param>
/// <param name="Message">What follows the path in the message, such as <c>Required value</c>.</param>
public sealed record FieldError(string Reason, string Field, string Message)
{
    public static FieldError Required(string field, string detail = "") =>
        new("FieldValueRequired", field, With("Required value", detail));

    public static FieldError Invalid(string field, object? value, string detail) =>
        new("FieldValueInvalid", field, With($"Invalid value: {GoText.Value(value)}", detail));

    public static FieldError TypeInvalid(string field, object? value, string detail) =>
        new("FieldValueTypeInvalid", field, With($"Invalid value: {GoText.Value(value)}", detail));

    public static FieldError NotFound(string field, object? value) =>
        new("FieldValueNotFound", field, $"Not found: {GoText.Value(value)}");

    public static FieldError Duplicate(string field, object? value) =>
        new("FieldValueDuplicate", field, $"Duplicate value: {GoText.Value(value)}");

    public static FieldError Forbidden(string field, string detail) =>
        new("FieldValueForbidden", field, With("Forbidden", detail));

    /// <summary>Supported values are shown sorted, as upstream's sets are.</summary>
    public static FieldError NotSupported(string field, object? value, params IEnumerable<string> supported) =>
        NotSupportedInOrder(field, value, supported.Order(StringComparer.Ordinal));

    /// <summary>Supported values are shown as given, as upstream shows those that it does not keep in a set.</summary>
    public static FieldError NotSupportedInOrder(string field, object? value, params IEnumerable<string> supported)
    {
        var values = string.Join(", ", supported.Select(GoText.Quote));
        return new("FieldValueNotSupported", field, With($"Unsupported value: {GoText.Value(value)}", values.Length == 0 ? "" : $"supported values: {values}"));
    }

    /// <summary>The limit is in bytes; the value is not repeated.</summary>
    public static FieldError TooLong(string field, int limit) =>
        new("FieldValueTooLong", field, $"Too long: may not be more than {limit} {(limit == 1 ? "byte" : "bytes")}");

    public static FieldError TooMany(string field, int actual, int limit) =>
        new("FieldValueTooMany", field, $"Too many: {actual}: must have at most {limit} {(limit == 1 ? "item" : "items")}");

    public static FieldError Internal(string field, string detail) => new("InternalError", field, With("Internal error", detail));

    public override string ToString() => $"{Field}: {Message}";

    private static string With(string text, string detail) => detail.Length == 0 ? text : $"{text}: {detail}";
}
