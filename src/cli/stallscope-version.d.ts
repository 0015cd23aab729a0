/** The package's version, put in by the build. */
declare const STALLSCOPE_VERSION: string;
