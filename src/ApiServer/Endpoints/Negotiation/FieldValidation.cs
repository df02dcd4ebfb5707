namespace MiniKube.ApiServer.Endpoints.Negotiation;

/// <summary>What becomes of fields that a type does not have and of duplicates: the query's <c>fieldValidation</c>, Warn when it is absent.</summary>
internal enum FieldValidation
{
    Warn,
    Strict,
    Ignore,
}
